import type { WebSocket } from 'ws';
import type { Log } from '../base/log.js';
import type { FeedError, FeedGap, GatehouseEvent } from '../events/event.js';
import { addressKind, type AddressKind } from './address-kind.js';
import { readFilter, type FeedFilter, type FeedWish } from './feed-filter.js';
import type { EventHistory, Outlet } from './outlet.js';

export interface FeedLimits {
  /** A client that lets more than this lie unread is cut off, bytes. */
  unreadBytes: number;
  /** A client whose replay makes no progress for this long is cut off, ms. */
  replayStallMs: number;
  /** Messages that cannot be understood before a client is cut off. */
  badMessages: number;
}

export const feedLimits: FeedLimits = { unreadBytes: 1 << 20, replayStallMs: 10_000, badMessages: 10 };

/** WebSocket close codes of the feed. */
const TRY_AGAIN_LATER = 1013;
const POLICY_VIOLATION = 1008;
const GOING_AWAY = 1001;

export interface Feed extends Outlet {
  /**
   * Takes on a client.
   *
   * @param since asks for everything after that sequence first
   * @param address where it connects from, for the log
   */
  accept(socket: WebSocket, since: number | null, address?: string): void;
  readonly clients: number;
  /** Clients that were cut off because they did not read, since start. */
  readonly cutOff: number;
  /** Events that were sent to clients, since start: one that goes to two counts twice. */
  readonly sent: number;
}

interface Client {
  socket: WebSocket;
  /** Counts up from 1 since start, to tell clients apart in the log. */
  id: number;
  from: AddressKind;
  /** Sequence of the newest event that was sent, or that came before the client was interested. */
  seq: number;
  live: boolean;
  filter: FeedFilter;
  /** What it asked for, in its own words. */
  wants: FeedWish;
  badMessages: number;
}

/**
 * The event feed at `/ws/events`: one JSON event a message, in order, none twice. A client that does not
 * read is cut off with close code 1013 and comes back with `?since=` its last sequence; nobody waits for it.
 */
export function createFeed(history: EventHistory, log: Log, limits: FeedLimits = feedLimits): Feed {
  const clients = new Set<Client>();
  let cutOff = 0;
  let accepted = 0;
  let eventsSent = 0;

  const drop = (client: Client, code: number, reason: string): void => {
    if (!clients.delete(client)) return;
    client.socket.close(code, reason);
    // The close frame stands behind all that was not read: such a client never sees it in time.
    setTimeout(() => client.socket.terminate(), 1_000).unref();
  };

  const dropSlow = (client: Client): void => {
    if (!clients.has(client)) return;
    cutOff += 1;
    const { id, from, seq, live, wants, socket } = client;
    log.warn(
      {
        ...{ code: 'FEED_TOO_SLOW', client: id, from, ...wants, phase: live ? 'live' : 'replay' },
        ...{ seq, behind: Math.max(0, history.last - seq), unreadBytes: socket.bufferedAmount },
      },
      'a feed client did not read and was cut off',
    );
    drop(client, TRY_AGAIN_LATER, `FEED_TOO_SLOW: come back with ?since=${client.seq}`);
  };

  const deliver = (client: Client, event: GatehouseEvent, bytes: () => Buffer): void => {
    client.seq = event.seq;
    if (!client.filter(event)) return;
    if (client.socket.bufferedAmount > limits.unreadBytes) dropSlow(client);
    else {
      eventsSent += 1;
      client.socket.send(bytes(), { binary: false });
    }
  };

  /** From the journal to the present; the step from replay to live is made without a pause, so nothing falls between. */
  const replay = async (client: Client, since: number): Promise<void> => {
    const { oldest, last } = history;
    if (since < oldest - 1 || since > last) {
      const gap: FeedGap = { type: 'feed.gap', since, oldest, missed: Math.max(0, oldest - 1 - since) };
      client.socket.send(JSON.stringify(gap));
      client.seq = oldest - 1;
    }
    while (client.seq < history.last) {
      const before = client.seq;
      const upTo = history.last;
      for await (const event of history.since(client.seq)) {
        if (!clients.has(client)) return;
        client.seq = event.seq;
        if (!client.filter(event)) continue;
        if (!(await sent(client.socket, JSON.stringify(event), limits.replayStallMs))) {
          dropSlow(client);
          return;
        }
        eventsSent += 1;
      }
      // What has its number and cannot be read back is lost from the journal. What came meanwhile is still to be read.
      if (client.seq === before) client.seq = upTo;
    }
    client.live = true;
  };

  const listen = (client: Client): void => {
    client.socket.on('message', (data, binary) => {
      const wish = binary ? null : readFilter((data as Buffer).toString('utf8'));
      if (wish) {
        client.filter = wish.passes;
        client.wants = wish.wants;
        return;
      }
      const error: FeedError = {
        type: 'feed.error',
        code: 'FEED_MESSAGE_INVALID',
        reason: 'Only {"type":"filter","types":[...],"cameras":[...]} is understood here.',
      };
      client.socket.send(JSON.stringify(error));
      client.badMessages += 1;
      if (client.badMessages >= limits.badMessages) drop(client, POLICY_VIOLATION, 'FEED_MESSAGE_INVALID');
    });
    client.socket.on('close', () => clients.delete(client));
    client.socket.on('error', (error) => log.debug({ err: error }, 'a feed client failed'));
  };

  return {
    name: 'feed',
    get clients() {
      return clients.size;
    },
    get cutOff() {
      return cutOff;
    },
    get sent() {
      return eventsSent;
    },
    accept(socket, since, address) {
      const client: Client = {
        socket,
        id: (accepted += 1),
        from: addressKind(address),
        seq: since ?? history.last,
        live: since === null,
        filter: () => true,
        wants: {},
        badMessages: 0,
      };
      clients.add(client);
      listen(client);
      if (since === null) return;
      replay(client, since).catch((error: unknown) => {
        log.error({ err: error }, 'replaying the journal to a feed client failed');
        drop(client, TRY_AGAIN_LATER, 'JOURNAL_FAILED');
      });
    },
    send(event) {
      // Written out once for all clients, and not at all where nobody wants it.
      let written: Buffer | null = null;
      const bytes = (): Buffer => (written ??= Buffer.from(JSON.stringify(event)));
      for (const client of clients) if (client.live && event.seq > client.seq) deliver(client, event, bytes);
    },
    async close() {
      const sockets = [...clients].map((client) => client.socket);
      for (const client of [...clients]) drop(client, GOING_AWAY, 'the server stops');
      await Promise.all(sockets.map((socket) => closed(socket, 500)));
    },
  };
}

/** Sends and waits until the message has left this process; false where that takes too long. */
function sent(socket: WebSocket, text: string, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), withinMs);
    socket.send(text, (error) => {
      clearTimeout(timer);
      resolve(!error);
    });
  });
}

function closed(socket: WebSocket, withinMs: number): Promise<void> {
  if (socket.readyState === socket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      socket.terminate();
      resolve();
    }, withinMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

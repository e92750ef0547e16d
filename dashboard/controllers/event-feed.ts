import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { FeedGap, FeedMessage, GatehouseEvent } from '../../server/events/event.js';
import { isJournalled } from '../../server/events/event.js';
import type { DeskClock } from '../clock.js';
import { backoff } from './backoff.js';

/** The part of a WebSocket that the feed uses. */
export interface FeedSocket {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  close(): void;
}

export interface EventFeedOptions {
  clock: DeskClock;
  /** 0..1, for the jitter. */
  random: () => number;
  /** Opens `/ws/events?since=SEQ`. */
  open: (since: number) => FeedSocket;
  /** The server said something on the feed. */
  onMessage: () => void;
  onEvent: (event: GatehouseEvent) => void;
  onGap: (gap: FeedGap) => void;
  /** The feed is open again after it was lost. */
  onResumed: () => void;
  /** A handshake was refused; a WebSocket does not say why, so somebody has to ask. */
  onRefused: () => void;
}

/** off: not wanted (signed out). lost: `since` when, and when the next try is due. Milliseconds since the epoch. */
export type Link =
  | { state: 'off' }
  | { state: 'connecting' }
  | { state: 'open' }
  | { state: 'lost'; since: number; nextTryAt: number };

/**
 * The event feed, for ever: it reconnects with jittered backoff and resumes after the last sequence it has
 * handed on. Events at or before that one are left out, so no event is ever handed on twice.
 */
export class EventFeed implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #options: EventFeedOptions;
  #socket: FeedSocket | null = null;
  #cancelTry: (() => void) | null = null;
  #tries = 0;
  #seq = 0;
  #link: Link = { state: 'off' };

  constructor(host: ReactiveControllerHost, options: EventFeedOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  get link(): Link {
    return this.#link;
  }

  hostDisconnected(): void {
    this.stop();
  }

  /** Follows the feed from after `seq` on. */
  start(seq: number): void {
    this.stop();
    this.#seq = seq;
    this.#become({ state: 'connecting' });
    this.#connect();
  }

  stop(): void {
    this.#cancelTry?.();
    this.#cancelTry = null;
    this.#abandon();
    this.#tries = 0;
    this.#become({ state: 'off' });
  }

  /** The server does not answer although the socket has not closed (a pulled cable): the link counts as lost. */
  suspect(): void {
    if (this.#link.state !== 'open') return;
    this.#abandon();
    this.#lose();
  }

  /** Tries now instead of at the end of the backoff: the network is back, or somebody asked. */
  retry(): void {
    if (this.#link.state !== 'lost') return;
    this.#cancelTry?.();
    this.#tries = 0;
    this.#connect();
  }

  #connect(): void {
    this.#cancelTry = null;
    this.#abandon();
    const socket = this.#options.open(this.#seq);
    this.#socket = socket;
    let opened = false;
    socket.onopen = () => {
      opened = true;
      const resumed = this.#link.state === 'lost';
      this.#tries = 0;
      this.#become({ state: 'open' });
      if (resumed) this.#options.onResumed();
    };
    socket.onmessage = (message) => {
      this.#options.onMessage();
      this.#read(message.data);
    };
    socket.onclose = () => {
      this.#abandon();
      if (!opened) this.#options.onRefused();
      // Asking may have shown that we are signed out, and stopped the feed.
      if (this.#link.state !== 'off') this.#lose();
    };
  }

  #read(data: unknown): void {
    if (typeof data !== 'string') return;
    const message = JSON.parse(data) as FeedMessage;
    if (isJournalled(message)) {
      if (message.seq <= this.#seq) return;
      this.#seq = message.seq;
      this.#options.onEvent(message);
    } else if (message.type === 'feed.gap') this.#options.onGap(message);
    else console.warn(`${message.code}: ${message.reason}`);
  }

  #lose(): void {
    const now = this.#options.clock.now();
    const wait = backoff(this.#tries, this.#options.random());
    this.#tries += 1;
    const since = this.#link.state === 'lost' ? this.#link.since : now;
    this.#become({ state: 'lost', since, nextTryAt: now + wait });
    this.#cancelTry?.();
    this.#cancelTry = this.#options.clock.after(wait, () => this.#connect());
  }

  /** Lets go of the socket; what it still has to say is not heard. */
  #abandon(): void {
    const socket = this.#socket;
    if (socket === null) return;
    this.#socket = null;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #become(link: Link): void {
    this.#link = link;
    this.#host.requestUpdate();
  }
}

import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { FeedMessage, GatehouseEvent } from '../../../server/events/event.js';

export interface CarefulClient {
  /** Everything it was told, in order. */
  readonly events: readonly GatehouseEvent[];
  /** What it was told wrongly: gaps, repetitions, errors; in words. */
  readonly complaints: readonly string[];
  /** How often it came back. */
  readonly returns: number;
  /** Stops leaving: it stays connected and reads to the server's end. Resolves once it is connected. */
  stay(): Promise<void>;
  close(): void;
}

/**
 * A program that wants every event once: it reads, loses its connection without a word every `stayMs`, and comes back
 * with its last sequence.
 */
export function carefulClient(url: string, stayMs: number): CarefulClient {
  const events: GatehouseEvent[] = [];
  const complaints: string[] = [];
  let returns = -1;
  let leaving: NodeJS.Timeout | undefined;
  let socket: WebSocket | null = null;
  let staying = false;
  let closed = false;

  const hear = (message: FeedMessage): void => {
    if (!('seq' in message)) {
      complaints.push(JSON.stringify(message));
      return;
    }
    const expected = (events.at(-1)?.seq ?? 0) + 1;
    if (message.seq !== expected) complaints.push(`event ${message.seq} came where ${expected} was due`);
    events.push(message);
  };

  const come = (): void => {
    returns += 1;
    const own = new WebSocket(`${url.replace('http', 'ws')}/ws/events?since=${events.at(-1)?.seq ?? 0}`);
    socket = own;
    // What was on its way when the connection was lost is heard again: only this connection's words count.
    own.on('message', (data) => {
      if (own === socket) hear(JSON.parse((data as Buffer).toString()) as FeedMessage);
    });
    own.on('error', () => undefined);
    own.on('close', () => {
      if (!closed && !staying) leaving = setTimeout(come, 50);
    });
    own.on('open', () => {
      if (!staying) leaving = setTimeout(() => own.terminate(), stayMs * (0.5 + Math.random()));
    });
  };
  come();

  return {
    events,
    complaints,
    get returns() {
      return returns;
    },
    async stay() {
      staying = true;
      clearTimeout(leaving);
      if (socket?.readyState === WebSocket.OPEN) return;
      socket?.terminate();
      come();
      await once(socket!, 'open');
    },
    close() {
      closed = true;
      clearTimeout(leaving);
      socket?.terminate();
    },
  };
}

import { WebSocket } from 'ws';

export interface OtherClients {
  /** Connections that were opened. */
  readonly opened: number;
  /** Of those that do not read, how many the server had ended when they looked up. */
  readonly cutOff: number;
  /** And how many it had not. */
  readonly kept: number;
  /** 95th percentile of the pings' round trips since the last question, ms; 0 where none came back. */
  takeDelay(): number;
  close(): void;
}

/** A client that does not read is opened so often, ms. */
const DEAF_MS = 5_000;
/** After this long it reads again: by then the server has missed two answers to its pings. */
const DEAF_FOR_MS = 45_000;
/** Time for it to see its end, behind all that lay unread. */
const LOOK_MS = 5_000;
const COME_MS = 1_000;
const PING_MS = 100;

/**
 * Everybody else at the desk: clients of the feed and watchers of live pictures that come and go without a word, some
 * that never read what they asked for, and one that measures how long the main thread lets a ping wait.
 */
export function otherClients(url: string, cameras: readonly string[]): OtherClients {
  const base = url.replace('http', 'ws');
  const sockets = new Set<WebSocket>();
  let opened = 0;
  let cutOff = 0;
  let kept = 0;
  const open = (path: string): WebSocket => {
    const socket = new WebSocket(base + path);
    opened += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };

  const delays = new Set<NodeJS.Timeout>();
  const later = (ms: number, what: () => void): void => {
    const timer = setTimeout(() => {
      delays.delete(timer);
      what();
    }, ms);
    delays.add(timer);
  };

  const pulse = open('/ws/events');
  let trips: number[] = [];
  pulse.on('pong', (sentAt: Buffer) => trips.push(performance.now() - Number(sentAt.toString())));

  const timers = [
    setInterval(() => {
      if (pulse.readyState === WebSocket.OPEN) pulse.ping(String(performance.now()));
    }, PING_MS),
    setInterval(() => {
      const path = opened % 2 === 0 ? '/ws/events?since=0' : `/ws/live/${cameras[opened % cameras.length]}`;
      const guest = open(path);
      guest.on('open', () => later(COME_MS * 2 * Math.random(), () => guest.terminate()));
    }, COME_MS),
    setInterval(() => {
      const path = opened % 2 === 0 ? '/ws/events?since=0' : `/ws/live/${cameras[opened % cameras.length]}`;
      const deaf = open(path);
      deaf.on('open', () => {
        deaf.pause();
        later(DEAF_FOR_MS, () => {
          // A paused socket does not even see its own end.
          deaf.on('close', () => (cutOff += 1));
          deaf.resume();
          later(LOOK_MS, () => {
            if (deaf.readyState !== WebSocket.OPEN) return;
            kept += 1;
            deaf.removeAllListeners('close');
            sockets.delete(deaf);
            deaf.terminate();
          });
        });
      });
    }, DEAF_MS),
  ];
  return {
    get opened() {
      return opened;
    },
    get cutOff() {
      return cutOff;
    },
    get kept() {
      return kept;
    },
    takeDelay() {
      const sorted = trips.sort((a, b) => a - b);
      trips = [];
      return sorted[Math.floor(sorted.length * 0.95)] ?? 0;
    },
    close() {
      timers.forEach(clearInterval);
      delays.forEach(clearTimeout);
      for (const socket of sockets) {
        socket.removeAllListeners('close');
        socket.terminate();
      }
    },
  };
}

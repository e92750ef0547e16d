// Started by thousand-clients.test.ts as a process of its own: WebSocket clients, most of which read.
import { WebSocket } from 'ws';

export interface Crowd {
  /** ws://host:port */
  url: string;
  /** Clients of the event feed that read. */
  readers: number;
  /** Watchers of live pictures that read. */
  watchers: number;
  /** Clients of the feed that ask for the whole journal and never read any of it. */
  deafReaders: number;
  /** Watchers of live pictures that never read. */
  deafWatchers: number;
}

/** What the crowd has received. */
export interface Received {
  open: number;
  events: number;
  pictures: number;
  /** Readers that missed an event or had one twice. */
  gaps: number;
}

const AT_ONCE = 50;
const received: Received = { open: 0, events: 0, pictures: 0, gaps: 0 };

function open(url: string, listen: (socket: WebSocket) => void): Promise<void> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.on('close', () => resolve());
    socket.once('open', () => {
      received.open += 1;
      listen(socket);
      resolve();
    });
  });
}

const deaf = (socket: WebSocket): void => socket.pause();
const watch = (socket: WebSocket): void => void socket.on('message', () => (received.pictures += 1));
const read = (socket: WebSocket): void => {
  let last = 0;
  socket.on('message', (data) => {
    received.events += 1;
    const seq = Number(/"seq":(\d+)/.exec((data as Buffer).toString('latin1'))?.[1]);
    if (last > 0 && seq !== last + 1) received.gaps += 1;
    last = seq;
  });
};

process.on('message', (crowd: Crowd | 'report') => {
  if (crowd === 'report') {
    process.send!(received);
    return;
  }
  const { url } = crowd;
  const kinds = [
    [crowd.deafReaders, `${url}/ws/events?since=0`, deaf],
    [crowd.deafWatchers, `${url}/ws/live/door`, deaf],
    [crowd.watchers, `${url}/ws/live/door`, watch],
    [crowd.readers, `${url}/ws/events`, read],
  ] as const;
  void (async () => {
    for (const [count, address, listen] of kinds)
      for (let from = 0; from < count; from += AT_ONCE)
        await Promise.all(
          Array.from({ length: Math.min(AT_ONCE, count - from) }, () => open(address, listen)),
        );
    process.send!('open');
  })();
});
process.on('disconnect', () => process.exit());
process.send!('ready');

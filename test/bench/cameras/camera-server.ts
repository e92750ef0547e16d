import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { stampPicture, type PackedClip } from './pack-clip.js';

/** One camera: a path, and a clip that runs round from `offset` pictures on. */
export interface ServedCamera {
  readonly path: string;
  readonly clip: PackedClip;
  readonly offset: number;
}

/** When a picture of the clip was handed to the network, wall clock ms. */
export type SentPicture = readonly [picture: number, at: number];

/** What says whether the cameras themselves kept up. */
export interface Pace {
  /** How late pictures were sent, ms, of the latest. */
  lateMs: number[];
  /** Pictures that a viewer did not get because it had not read those before. */
  unread: number;
  viewers: number;
}

interface Viewer {
  readonly socket: Socket;
  channel: number | null;
  playing: boolean;
  sawKey: boolean;
  sequence: number;
}

interface Running extends ServedCamera {
  readonly viewers: Set<Viewer>;
  /** Pictures since the start; the next one's number. */
  next: number;
  /** The latest pictures sent, round and round. */
  readonly sent: (SentPicture | undefined)[];
}

/** The clock is looked at this often, ms: a picture is sent at most so much late. */
const TICK_MS = 4;
/** Pictures of which it is remembered when they were sent: two minutes, longer than any step. */
const REMEMBERED = 3_000;
const REMEMBERED_DELAYS = 20_000;
/** A viewer with more than this unread misses pictures, as with a real camera, bytes. */
const UNREAD_BYTES = 2_000_000;
const RTP_CLOCK = 90_000;

/**
 * Many RTSP cameras on one port, each at its own path, sending H.264 by RTP over TCP. Made to cost little, since it
 * runs beside what is measured: pictures lie packed in memory, one write sends one, and one timer paces all. No two
 * cameras send at the same moment.
 */
export class CameraServer {
  readonly #server: Server;
  readonly #cameras = new Map<string, Running>();
  readonly #sockets = new Set<Socket>();
  readonly #lateMs: number[] = [];
  #ticker: NodeJS.Timeout | null = null;
  #began = 0;
  #unread = 0;

  constructor() {
    this.#server = createServer((socket) => this.#welcome(socket));
  }

  /** Opens on a free port of 127.0.0.1 and answers it. */
  async open(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on these cameras; whoever watches one of before is cut off. */
  serve(cameras: readonly ServedCamera[]): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#cameras.clear();
    for (const camera of cameras)
      this.#cameras.set(camera.path, { ...camera, viewers: new Set(), next: 0, sent: [] });
    this.#lateMs.length = 0;
    this.#unread = 0;
    this.#began = performance.now();
    if (this.#ticker) clearInterval(this.#ticker);
    this.#ticker = cameras.length > 0 ? setInterval(() => this.#tick(), TICK_MS) : null;
  }

  /** Pictures that a camera sent between two moments, oldest first. */
  sent(path: string, from: number, to: number): SentPicture[] {
    return (this.#cameras.get(path)?.sent ?? [])
      .filter((one): one is SentPicture => one !== undefined && one[1] >= from && one[1] <= to)
      .sort(([, a], [, b]) => a - b);
  }

  get pace(): Pace {
    const viewers = [...this.#cameras.values()].reduce((sum, camera) => sum + camera.viewers.size, 0);
    return { lateMs: [...this.#lateMs], unread: this.#unread, viewers };
  }

  /** Cuts everybody off and closes the port. */
  async close(): Promise<void> {
    this.serve([]);
    await once(this.#server.close(), 'close');
  }

  #tick(): void {
    const elapsed = performance.now() - this.#began;
    let index = 0;
    for (const camera of this.#cameras.values()) {
      const everyMs = 1000 / camera.clip.fps;
      const phase = (everyMs * index) / this.#cameras.size;
      index += 1;
      // A timer that is late catches up, so that the rate holds on a busy machine.
      for (let due = phase + camera.next * everyMs; due <= elapsed; due += everyMs) {
        if (this.#lateMs.length < REMEMBERED_DELAYS) this.#lateMs.push(elapsed - due);
        this.#send(camera);
      }
    }
  }

  #send(camera: Running): void {
    const { clip, viewers, next, sent } = camera;
    const index = (next + camera.offset) % clip.pictures.length;
    const picture = clip.pictures[index];
    sent[next % REMEMBERED] = [index, Date.now()];
    camera.next += 1;
    const timestamp = Math.round((next * RTP_CLOCK) / clip.fps);
    for (const viewer of viewers) {
      if (!viewer.playing || viewer.channel === null) continue;
      if (!viewer.sawKey && !picture.key) continue;
      viewer.sawKey = true;
      if (viewer.socket.writableLength > UNREAD_BYTES) {
        this.#unread += 1;
        continue;
      }
      const nextSequence = () => (viewer.sequence += 1);
      viewer.socket.write(stampPicture(picture, { timestamp, nextSequence, channel: viewer.channel }));
    }
  }

  #welcome(socket: Socket): void {
    const viewer: Viewer = { socket, channel: null, playing: false, sawKey: false, sequence: 0 };
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      for (const { viewers } of this.#cameras.values()) viewers.delete(viewer);
    });
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      for (;;) {
        if (text.startsWith('$')) {
          // The viewer's own reports about what it received.
          const length = 4 + ((text.charCodeAt(2) << 8) | text.charCodeAt(3));
          if (text.length < 4 || text.length < length) return;
          text = text.slice(length);
          continue;
        }
        const end = text.indexOf('\r\n\r\n');
        if (end < 0) return;
        this.#answer(viewer, text.slice(0, end));
        text = text.slice(end + 4);
      }
    });
  }

  #answer(viewer: Viewer, request: string): void {
    const [, method, address] = /^(\S+) (\S+)/.exec(request) ?? ['', '', ''];
    const header = (name: string) => new RegExp(`^${name}: *(.*)$`, 'im').exec(request)?.[1] ?? '';
    const reply = (status: string, headers: string[] = [], body = ''): void => {
      const length = body === '' ? [] : [`Content-Length: ${body.length}`];
      const lines = [`RTSP/1.0 ${status}`, `CSeq: ${header('cseq')}`, ...headers, ...length, '', body];
      viewer.socket.write(lines.join('\r\n'));
    };
    const camera = this.#cameras.get(/^rtsp:\/\/[^/]*\/([^/]*)/.exec(address)?.[1] ?? '');
    if (method === 'OPTIONS') reply('200 OK', ['Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN']);
    else if (!camera) reply('404 Not Found');
    else if (method === 'DESCRIBE')
      reply('200 OK', ['Content-Type: application/sdp', `Content-Base: ${address}/`], describe(camera));
    else if (method === 'SETUP') {
      const channel = /interleaved=(\d+)/.exec(header('transport'))?.[1];
      if (channel === undefined) {
        reply('461 Unsupported Transport');
        return;
      }
      viewer.channel = Number(channel);
      const channels = `${channel}-${Number(channel) + 1}`;
      reply('200 OK', ['Session: 1;timeout=60', `Transport: RTP/AVP/TCP;unicast;interleaved=${channels}`]);
    } else if (method === 'PLAY') {
      reply('200 OK', ['Session: 1']);
      camera.viewers.add(viewer);
      viewer.playing = true;
    } else {
      reply('200 OK', ['Session: 1']);
      if (method === 'TEARDOWN') viewer.socket.end();
    }
  }
}

function describe({ clip }: ServedCamera): string {
  return [
    ...['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=bench', 't=0 0', 'a=control:*', 'm=video 0 RTP/AVP 96'],
    'a=rtpmap:96 H264/90000',
    `a=fmtp:96 packetization-mode=1;sprop-parameter-sets=${clip.parameterSets}`,
    ...['a=control:track1', ''],
  ].join('\r\n');
}

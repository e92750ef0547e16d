import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { ErrorCode } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { Access } from './access.js';
import { problem } from './problem.js';

/** Largest message that a client may send, bytes. */
const MAX_MESSAGE = 16 * 1024;
const PING_MS = 15_000;

export interface WebSocketDesk {
  /** @param address where the client connects from */
  events(socket: WebSocket, since: number | null, address?: string): void;
  /** @param pictures false: only the faces of each frame, for whoever has the video */
  live(socket: WebSocket, camera: string, pictures: boolean): void;
  video(socket: WebSocket, camera: string): void;
  hasCamera(id: string): boolean;
}

/**
 * WebSockets: `/ws/events?since=SEQ`, `/ws/live/CAMERA?pictures=0` and `/ws/video/CAMERA`. Refused handshakes get an
 * HTTP answer with problem details. Clients that vanished without a word are found by pings and ended.
 *
 * @returns what closes them all
 */
export function acceptWebSockets(
  server: Server,
  access: Access,
  desk: WebSocketDesk,
  log: Log,
): () => Promise<void> {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, perMessageDeflate: false });
  const answered = new WeakSet<WebSocket>();
  sockets.on('connection', (socket) => {
    answered.add(socket);
    socket.on('pong', () => answered.add(socket));
    // A message over the limit or a broken frame closes the socket; the error itself needs no more than a word.
    socket.on('error', (error) => log.debug({ err: error }, 'a WebSocket failed'));
  });
  const pings = setInterval(() => {
    for (const socket of sockets.clients) {
      if (answered.delete(socket)) socket.ping();
      else socket.terminate();
    }
  }, PING_MS);
  pings.unref();

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    const refusal = access.refuses(request.headers);
    if (refusal) {
      const code: ErrorCode = refusal === 'unauthorised' ? 'HTTP_UNAUTHORISED' : 'HTTP_FORBIDDEN_ORIGIN';
      refuse(stream, refusal === 'unauthorised' ? 401 : 403, code, 'This server is not open to you.');
      return;
    }
    const handler = route(request, desk);
    if ('code' in handler) {
      refuse(stream, handler.status, handler.code, handler.detail);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      sockets.emit('connection', socket, request);
      handler.accept(socket);
    });
  });

  return async () => {
    clearInterval(pings);
    for (const socket of sockets.clients) socket.terminate();
    await new Promise<void>((resolve) => sockets.close(() => resolve()));
  };
}

type Route = { accept(socket: WebSocket): void } | { status: number; code: ErrorCode; detail: string };

function route(request: IncomingMessage, desk: WebSocketDesk): Route {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname === '/ws/events') {
    const since = url.searchParams.get('since');
    if (since !== null && !/^\d{1,15}$/.test(since)) {
      return {
        status: 400,
        code: 'FEED_SINCE_INVALID',
        detail: '?since= takes the sequence number of an event.',
      };
    }
    return {
      accept: (socket) =>
        desk.events(socket, since === null ? null : Number(since), request.socket.remoteAddress),
    };
  }
  const asked = /^\/ws\/(live|video)\/([a-z0-9-]+)$/.exec(url.pathname);
  if (asked && desk.hasCamera(asked[2])) {
    const [, kind, camera] = asked;
    if (kind === 'video') return { accept: (socket) => desk.video(socket, camera) };
    const pictures = url.searchParams.get('pictures') !== '0';
    return { accept: (socket) => desk.live(socket, camera, pictures) };
  }
  return { status: 404, code: 'HTTP_NOT_FOUND', detail: 'There is no such WebSocket here.' };
}

function refuse(stream: Duplex, status: number, code: ErrorCode, detail: string): void {
  void problem(status, code, 'Refused', detail)
    .text()
    .then((body) =>
      stream.end(
        `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
          `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      ),
    );
}

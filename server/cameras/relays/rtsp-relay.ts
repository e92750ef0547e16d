import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { SourceFault } from '../source.js';
import { authorise, type Credentials } from './authorise.js';
import { address, connectionFault, connectTo } from './connect.js';
import type { Relay } from './relay.js';
import { header, headers, readRtsp, toBytes, type RtspMessage } from './rtsp-messages.js';

interface Asked {
  readonly message: RtspMessage;
  readonly method: string;
  readonly uri: string;
  retried: boolean;
}

/**
 * Stands between ffmpeg and a camera that wants a password: ffmpeg's command line, which everybody on the
 * machine can read, then names an address on loopback only, and its messages cannot quote the password. Each
 * request gets its Authorization on the way; a challenge is answered here and ffmpeg never sees it.
 *
 * Serves one connection, then listens no more. Media passes through unchanged; over UDP it does not pass here
 * at all, since the camera sends it to this machine's address.
 */
export async function openRtspRelay(camera: URL, credentials: Credentials): Promise<Relay> {
  const where = address(camera);
  const there = `rtsp://${camera.host}`;
  const sockets = new Set<Socket>();
  let here = '';
  let fault: SourceFault | null = null;

  const server = createServer({ noDelay: true }, (client) => {
    server.close();
    const upstream = connectTo(camera);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    const hangUp = () => {
      client.destroy();
      upstream.destroy();
    };
    client.on('error', hangUp).on('close', hangUp);
    upstream.on('error', (error) => (fault ??= connectionFault(error, where)));
    // What the camera sent last still reaches ffmpeg.
    upstream.on('end', () => client.end()).on('close', () => client.end());

    const asked = new Map<string, Asked>();
    let challenges: string[] = [];
    const send = (request: Asked): void => {
      const { message, method, uri } = request;
      const answer = challenges.length > 0 ? authorise(challenges, credentials, { method, uri }) : null;
      const head = answer === null ? message.head : `${message.head}\r\nAuthorization: ${answer}`;
      upstream.write(toBytes({ head, body: message.body }));
    };

    const fromClient = readRtsp({
      media: (bytes) => upstream.write(bytes),
      message: (message) => {
        const head = message.head.replace(here, there);
        const [method = '', uri = ''] = head.split(' ', 2);
        const request = { message: { head, body: message.body }, method, uri, retried: false };
        asked.set(header(message, 'CSeq') ?? '', request);
        send(request);
      },
    });

    const toClient = (bytes: Buffer): void => {
      if (!client.write(bytes)) upstream.pause();
    };
    client.on('drain', () => upstream.resume());
    const fromCamera = readRtsp({
      media: toClient,
      message: (message) => {
        const cseq = header(message, 'CSeq') ?? '';
        const request = asked.get(cseq);
        if (/^RTSP\/\S+ 401\b/.test(message.head) && request) {
          challenges = headers(message, 'WWW-Authenticate');
          const { method, uri } = request;
          if (!request.retried && authorise(challenges, credentials, { method, uri }) !== null) {
            request.retried = true;
            send(request);
            return;
          }
          const why = request.retried
            ? 'The camera refuses the user name or password.'
            : 'The camera asks for a kind of login that is not known here.';
          fault = new SourceFault('CAMERA_UNAUTHORISED', why, 'slowly');
        }
        asked.delete(cseq);
        toClient(toBytes(request?.method === 'SETUP' ? withSource(message, upstream) : message));
      },
    });
    const orHangUp = (read: (chunk: Buffer) => void) => (chunk: Buffer) => {
      try {
        read(chunk);
      } catch (cause) {
        fault ??= new SourceFault('CAMERA_FAILED', `${where} does not speak RTSP.`, 'soon', { cause });
        hangUp();
      }
    };
    client.on('data', orHangUp(fromClient));
    upstream.on('data', orHangUp(fromCamera));
  });

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  here = `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: here + camera.pathname + camera.search,
    fault: () => fault,
    close: async () => {
      const closed = [...sockets].map((socket) => once(socket.destroy(), 'close'));
      if (server.listening) closed.push(once(server.close(), 'close'));
      await Promise.all(closed);
    },
  };
}

/** Over UDP, ffmpeg answers to where its connection goes, which is us, unless the reply names the sender. */
function withSource(reply: RtspMessage, camera: Socket): RtspMessage {
  const transport = header(reply, 'Transport');
  if (transport === null || /interleaved=|source=|\/TCP/i.test(transport) || !camera.remoteAddress)
    return reply;
  const named = `${transport};source=${camera.remoteAddress.replace(/^::ffff:/, '')}`;
  return { head: reply.head.replace(transport, named), body: reply.body };
}

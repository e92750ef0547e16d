import { once } from 'node:events';
import { createServer, request as requestPlain, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as requestTls } from 'node:https';
import type { AddressInfo } from 'node:net';
import { SourceFault } from '../source.js';
import { authorise, type Credentials } from './authorise.js';
import { address, connectionFault } from './connect.js';
import type { Relay } from './relay.js';

/**
 * The same as the RTSP relay for cameras that speak HTTP: ffmpeg asks an address on loopback, and each request
 * goes on to the camera, with its Authorization where there are credentials. Only GET passes. A playlist's links to the camera itself are led here too.
 */
export async function openHttpRelay(camera: URL, credentials: Credentials): Promise<Relay> {
  const where = address(camera);
  const abort = new AbortController();
  let fault: SourceFault | null = null;
  let challenges: string[] = [];
  let here = '';

  const ask = async (uri: string, retried: boolean): Promise<IncomingMessage> => {
    const authorization = authorise(challenges, credentials, { method: 'GET', uri });
    const request = (camera.protocol === 'https:' ? requestTls : requestPlain)(new URL(uri, camera.origin), {
      headers: authorization === null ? {} : { authorization },
      // Cameras sign their own certificates, so a certificate is not checked, as in ffmpeg.
      rejectUnauthorized: false,
      agent: false,
      signal: abort.signal,
    });
    request.end();
    const [reply] = (await once(request, 'response')) as [IncomingMessage];
    if (reply.statusCode !== 401) return reply;
    if (credentials.username === '' && credentials.password === '') return reply;
    challenges = (reply.headersDistinct['www-authenticate'] ?? []).flatMap(split);
    if (!retried && authorise(challenges, credentials, { method: 'GET', uri }) !== null) {
      reply.resume();
      return ask(uri, true);
    }
    fault = new SourceFault('CAMERA_UNAUTHORISED', 'The camera refuses the user name or password.', 'slowly');
    return reply;
  };

  const serve = async (uri: string, response: ServerResponse): Promise<void> => {
    const reply = await ask(uri, false);
    const { location, 'content-type': type } = reply.headers;
    response.statusCode = reply.statusCode ?? 502;
    if (type !== undefined) response.setHeader('content-type', type);
    if (location !== undefined) response.setHeader('location', location.replace(camera.origin, here));
    response.on('close', () => reply.destroy());
    reply.on('error', () => response.destroy());
    if (type !== undefined && /mpegurl/i.test(type)) {
      let text = '';
      for await (const chunk of reply.setEncoding('utf8')) text += chunk as string;
      response.end(text.replaceAll(camera.origin, here));
    } else reply.pipe(response);
  };

  const server = createServer((request, response) => {
    if (request.method !== 'GET') {
      response.writeHead(405).end();
      return;
    }
    serve(request.url ?? '/', response).catch((error: unknown) => {
      if (!abort.signal.aborted) fault ??= connectionFault(error as NodeJS.ErrnoException, where);
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: here + camera.pathname + camera.search,
    fault: () => fault,
    close: async () => {
      abort.abort();
      if (!server.listening) return;
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
}

/** One header may hold several challenges. */
function split(value: string): string[] {
  return value.split(/,\s*(?=(?:digest|basic)\s)/i);
}

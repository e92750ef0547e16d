import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { SourceFault } from '../source.js';

/** Host and port of an rtsp(s) or http(s) URL. */
export function endpoint(url: URL): { host: string; port: number; tls: boolean } {
  const usual: Record<string, number> = { 'rtsp:': 554, 'rtsps:': 322, 'http:': 80, 'https:': 443 };
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port) || (usual[url.protocol] ?? 554),
    tls: url.protocol === 'rtsps:' || url.protocol === 'https:',
  };
}

/** "192.0.2.7:554": what is said of a camera's address. */
export function address(url: URL): string {
  return `${url.hostname}:${endpoint(url).port}`;
}

/** A socket to the camera. Cameras sign their own certificates, so a certificate is not checked, as in ffmpeg. */
export function connectTo(url: URL): Socket {
  const { host, port, tls } = endpoint(url);
  if (!tls) return connectPlain({ host, port, noDelay: true });
  return connectTls({ host, port, rejectUnauthorized: false, ...(isIP(host) ? {} : { servername: host }) });
}

/** Why a connection could not be made, in the operator's words. */
export function connectionFault(error: NodeJS.ErrnoException, where: string): SourceFault {
  const say = (why: string) => new SourceFault('CAMERA_UNREACHABLE', why, 'soon', { cause: error });
  switch (error.code) {
    case 'ECONNREFUSED':
      return say(`Nothing answers at ${where}: the connection is refused.`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
      return say(`The name of ${where} cannot be resolved.`);
    case 'ETIMEDOUT':
      return new SourceFault('CAMERA_NO_ANSWER', `${where} does not answer.`, 'soon', { cause: error });
    case 'ECONNRESET':
    case 'EPIPE':
      return new SourceFault('CAMERA_DROPPED', 'The camera closed the connection.', 'soon', { cause: error });
    default:
      return say(`There is no way to ${where} on the network.`);
  }
}

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GatehouseError } from '../base/errors.js';
import { isLoopbackAddress } from './access.js';

/**
 * Refuses to listen where others could come in without a token.
 *
 * @throws CONFIG_TOKEN_REQUIRED
 */
export function checkExposure(host: string, token: string | null): void {
  if (token !== null || isLoopbackAddress(host)) return;
  throw new GatehouseError(
    'CONFIG_TOKEN_REQUIRED',
    `listening on ${host} lets other machines in, and no token protects what they would see`,
    'Set GATEHOUSE_TOKEN to a long secret (for example from `openssl rand -hex 24`), or listen on 127.0.0.1.',
  );
}

/**
 * Begins to listen.
 *
 * @returns the port, which is another than asked for where 0 was asked for
 * @throws PORT_IN_USE, PORT_NOT_ALLOWED, INTERNAL
 */
export async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port)));
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): GatehouseError {
  if (error.code === 'EADDRINUSE') {
    return new GatehouseError(
      'PORT_IN_USE',
      `port ${port} on ${host} is taken by another program`,
      'Stop that program, or choose another port with --port or server.port.',
      { cause: error },
    );
  }
  if (error.code === 'EACCES' || error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new GatehouseError(
      'PORT_NOT_ALLOWED',
      `cannot listen on ${host} port ${port}: ${error.message}`,
      'Choose an address of this machine and a port from 1024 up.',
      { cause: error },
    );
  }
  return new GatehouseError('INTERNAL', `cannot listen: ${error.message}`, 'Report this.', { cause: error });
}

/** Stops listening and ends what is still open. */
export function stopListening(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

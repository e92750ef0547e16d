import { createAdaptorServer } from '@hono/node-server';
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { Scope } from '../base/scope.js';
import { packageFolder } from '../base/version.js';
import { createAccess, type Access } from '../http/access.js';
import { httpApp, type Desk } from '../http/app.js';
import { listen, stopListening } from '../http/listen.js';
import { problem } from '../http/problem.js';

export interface ComposedHttp {
  server: Server;
  access: Access;
  /** Where the desk is, for people to open. */
  url: string;
  /** From now on this is answered; before, that the server is starting. */
  serve(desk: Desk): void;
}

/** Listens, so that a taken port is told at once, long before there is anything to serve. */
export async function composeHttp(parts: {
  host: string;
  port: number;
  token: string | null;
  clock: Clock;
  log: Log;
  scope: Scope;
}): Promise<ComposedHttp> {
  const { host, port, token, clock, log, scope } = parts;
  const access = createAccess(token, () => clock.wall());
  let fetch: Parameters<typeof createAdaptorServer>[0]['fetch'] = () =>
    problem(503, 'STARTING', 'Starting', 'The server is starting; try again in a moment.');
  const server = createAdaptorServer({ fetch: (request, env) => fetch(request, env) }) as Server;
  const boundPort = await listen(server, host, port);
  await scope.add('HTTP', () => stopListening(server));
  const shownHost = host.includes(':') ? `[${host}]` : host === '0.0.0.0' ? '127.0.0.1' : host;
  return {
    ...{ server, access },
    url: `http://${shownHost}:${boundPort}/`,
    serve(desk) {
      fetch = httpApp(desk, access, join(packageFolder, 'dist', 'dashboard'), log).fetch;
    },
  };
}

import { serveStatic } from '@hono/node-server/serve-static';
import type { HttpBindings } from '@hono/node-server';
import { Hono, type MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { Log } from '../base/log.js';
import type { Health } from '../events/desk.js';
import type { Access, Refusal } from './access.js';
import { camerasResource, type CamerasDesk } from './cameras.js';
import { peopleResource, type PeopleDesk } from './people.js';
import { problem } from './problem.js';
import { sessionResource } from './session.js';
import { speechResource, type SpeechDesk } from './speech.js';
import { visitsResource, type VisitsDesk } from './visits.js';

export interface HealthDesk {
  health(): Health;
}

export type Desk = HealthDesk & CamerasDesk & PeopleDesk & VisitsDesk & SpeechDesk;

/**
 * All of HTTP. The dashboard's files hold no data and are open, so that a browser can show the sign-in;
 * everything else asks `access`.
 *
 * @param dashboard folder of the built dashboard
 */
export function httpApp(
  desk: Desk,
  access: Access,
  dashboard: string,
  log: Log,
): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>();

  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'self'"],
        // The live view's MediaSource is a blob.
        mediaSrc: ["'self'", 'blob:'],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
      },
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
      // Desks are reached by plain HTTP in a local network too.
      strictTransportSecurity: false,
    }),
  );

  app.use('/api/session', async (context, next) => {
    const refusal = access.foreignOrigin(context.env.incoming.headers);
    return refusal ? refuse(refusal) : next();
  });
  app.route('/api/session', sessionResource(access));

  const guard: MiddlewareHandler<{ Bindings: HttpBindings }> = async (context, next) => {
    const refusal = access.refuses(context.env.incoming.headers);
    if (refusal) return refuse(refusal);
    await next();
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store');
    return undefined;
  };
  app.use('/health', guard);
  app.use('/api/*', guard);

  app.get('/health', (context) => context.json(desk.health()));
  app.route('/api/cameras', camerasResource(desk));
  app.route('/api/people', peopleResource(desk));
  app.route('/api/visits', visitsResource(desk));
  app.route('/api/speech', speechResource(desk));
  app.all('/api/*', () => problem(404, 'HTTP_NOT_FOUND', 'Not found', 'There is nothing of that name here.'));
  app.use('/*', serveStatic({ root: dashboard }));
  app.notFound(() => problem(404, 'HTTP_NOT_FOUND', 'Not found', 'There is nothing of that name here.'));
  app.onError((error) => {
    log.error({ err: error }, 'a request failed');
    return problem(500, 'INTERNAL', 'Internal error', 'Something went wrong here; the log says what.');
  });
  return app;
}

function refuse(refusal: Refusal): Response {
  if (refusal === 'unauthorised') {
    return problem(
      401,
      'HTTP_UNAUTHORISED',
      'Sign in',
      'Send "Authorization: Bearer TOKEN" with the value of GATEHOUSE_TOKEN.',
    );
  }
  return problem(
    403,
    'HTTP_FORBIDDEN_ORIGIN',
    'Refused',
    refusal === 'host'
      ? 'Without GATEHOUSE_TOKEN this server answers to localhost, 127.0.0.1 and [::1] only.'
      : 'Pages of other sites may not use this server.',
  );
}

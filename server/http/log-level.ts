import { Hono } from 'hono';
import { z } from 'zod';
import { logLevels, type LogLevel } from '../base/log-levels.js';
import { problem } from './problem.js';

export interface LogDesk {
  readonly logLevel: LogLevel;
  /** Takes effect at once, for every part, until the next start. */
  setLogLevel(level: LogLevel): void;
}

const body = z.strictObject({ level: z.enum(logLevels) });

/** `GET /api/log-level` and `PUT /api/log-level {level}`: how much is logged while the server runs. */
export function logLevelResource(desk: LogDesk): Hono {
  const app = new Hono();
  app.get('/', (context) => context.json({ level: desk.logLevel }));
  app.put('/', async (context) => {
    const parsed = body.safeParse(await context.req.json().catch(() => null));
    if (!parsed.success) {
      const known = logLevels.join(', ');
      return problem(400, 'HTTP_BAD_REQUEST', 'Bad request', `Send {"level": "..."} with one of ${known}.`);
    }
    desk.setLogLevel(parsed.data.level);
    return context.json({ level: desk.logLevel });
  });
  return app;
}

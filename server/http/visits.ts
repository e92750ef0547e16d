import { Hono } from 'hono';
import type { VisitEvent } from '../events/event.js';
import { problem } from './problem.js';

export interface VisitsDesk {
  /** The newest visit events, oldest of them first, and the journal's last sequence at that moment. */
  visits(limit: number): { seq: number; events: VisitEvent[] };
  /** JPEG of a visit's face; null where none is kept. */
  snapshot(visit: string): Promise<Uint8Array | null>;
}

const MOST = 1_000;

/** `GET /api/visits?limit=100`, `/api/visits/ID/snapshot.jpg`. */
export function visitsResource(desk: VisitsDesk): Hono {
  const app = new Hono();
  app.get('/', (context) => {
    const limit = Number(context.req.query('limit') ?? 100);
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST) {
      return problem(400, 'HTTP_BAD_REQUEST', 'Bad request', `limit: a whole number from 1 to ${MOST}.`);
    }
    return context.json(desk.visits(limit));
  });
  app.get('/:id/snapshot.jpg', async (context) => {
    const jpeg = await desk.snapshot(context.req.param('id'));
    if (jpeg === null)
      return problem(404, 'HTTP_NOT_FOUND', 'No snapshot', 'No snapshot of that visit is kept.');
    return context.body(new Uint8Array(jpeg), 200, {
      'content-type': 'image/jpeg',
      'cache-control': 'private, max-age=86400',
    });
  });
  return app;
}

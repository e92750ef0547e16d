import { Hono } from 'hono';
import type { PersonInfo, PhotoProblem } from '../events/desk.js';
import { problem } from './problem.js';

export interface PeopleDesk {
  people(): PersonInfo[];
  problems(): PhotoProblem[];
  /** Small JPEG of a person's first photo; null for somebody unknown. */
  portrait(person: string): Promise<Uint8Array | null>;
}

/** `GET /api/people`, `/api/people/problems`, `/api/people/ID/photo.jpg`. */
export function peopleResource(desk: PeopleDesk): Hono {
  const app = new Hono();
  app.get('/', (context) => context.json(desk.people()));
  app.get('/problems', (context) => context.json(desk.problems()));
  app.get('/:id/photo.jpg', async (context) => {
    const jpeg = await desk.portrait(context.req.param('id'));
    if (jpeg === null) return problem(404, 'PERSON_UNKNOWN', 'Nobody', 'Nobody of that id is enrolled.');
    return context.body(new Uint8Array(jpeg), 200, {
      'content-type': 'image/jpeg',
      'cache-control': 'private, max-age=60',
    });
  });
  return app;
}

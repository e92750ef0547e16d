import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { Hono } from 'hono';
import type { CameraInfo } from '../events/desk.js';
import { problem } from './problem.js';

export interface CamerasDesk {
  cameras(): CameraInfo[];
  /** Path of the sound file that greets at a camera, null where none does. */
  clip(camera: string): string | null;
}

const soundTypes: Record<string, string> = {
  '.mp3': 'audio/mpeg',
  '.wav': 'audio/wav',
  '.ogg': 'audio/ogg',
  '.opus': 'audio/ogg',
  '.m4a': 'audio/mp4',
  '.aac': 'audio/aac',
  '.flac': 'audio/flac',
};

/** `GET /api/cameras`: every camera with its state. `GET /api/cameras/ID/clip`: the sound that greets there. */
export function camerasResource(desk: CamerasDesk): Hono {
  const app = new Hono();
  app.get('/', (context) => context.json(desk.cameras()));
  app.get('/:id/clip', async (context) => {
    const path = desk.clip(context.req.param('id'));
    const info = path === null ? null : await stat(path).catch(() => null);
    if (path === null || info === null) {
      return problem(404, 'CLIP_MISSING', 'No clip', 'This camera greets with no clip, or its file is gone.');
    }
    const type = soundTypes[extname(path).toLowerCase()] ?? 'application/octet-stream';
    return context.body(Readable.toWeb(createReadStream(path)) as ReadableStream, 200, {
      'content-type': type,
      'content-length': String(info.size),
    });
  });
  return app;
}

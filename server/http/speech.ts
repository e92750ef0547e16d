import { Hono } from 'hono';
import { problem } from './problem.js';

export interface SpeechDesk {
  /** WAV of a sentence that a greeting named; null for any other key. Rejects where speech fails. */
  spoken(key: string): Promise<Uint8Array | null>;
}

/** `GET /api/speech/KEY.wav`: a greeting's sentence, spoken. Only sentences of greetings can be had. */
export function speechResource(desk: SpeechDesk): Hono {
  const app = new Hono();
  app.get('/:file{[0-9a-f]+\\.wav}', async (context) => {
    try {
      const wav = await desk.spoken(context.req.param('file').replace(/\.wav$/, ''));
      if (wav === null) return problem(404, 'HTTP_NOT_FOUND', 'No such sentence', 'No greeting said that.');
      return context.body(new Uint8Array(wav), 200, {
        'content-type': 'audio/wav',
        'cache-control': 'private, max-age=86400',
      });
    } catch (error) {
      return problem(503, 'SPEECH_FAILED', 'Speech failed', (error as Error).message);
    }
  });
  return app;
}

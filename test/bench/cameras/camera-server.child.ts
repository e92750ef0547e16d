import { readFile } from 'node:fs/promises';
import { takeApart } from '../../fixtures/clip.js';
import { CameraServer } from './camera-server.js';
import { packClip, type PackedClip } from './pack-clip.js';
import type { CamerasAnswer, CamerasQuestion } from './start-cameras.js';
import { STREAM_FPS } from './kinds.js';

// The cameras, in a process of their own, so that what they cost is known and nothing else holds them up.

const server = new CameraServer();
const clips = new Map<string, Promise<PackedClip>>();

process.on('message', ({ id, question }: { id: number; question: CamerasQuestion }) => {
  answer(question).then(
    (found) => process.send!({ id, answer: found }),
    (thrown: unknown) => {
      console.error(thrown);
      process.exit(1);
    },
  );
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group: who asked for the cameras ends them.
process.on('SIGINT', () => undefined);

async function answer(question: CamerasQuestion): Promise<CamerasAnswer[CamerasQuestion['kind']]> {
  switch (question.kind) {
    case 'open':
      return server.open();
    case 'serve':
      server.serve(
        await Promise.all(
          question.cameras.map(async ({ path, clip, offset }) => ({ path, offset, clip: await load(clip) })),
        ),
      );
      return Promise.all([...new Set(question.cameras.map(({ clip }) => clip))].map(kbitsOf));
    case 'sent':
      return server.sent(question.camera, question.from, question.to);
    case 'pace':
      return server.pace;
  }
}

function load(path: string): Promise<PackedClip> {
  const clip =
    clips.get(path) ??
    readFile(path).then((stream) => packClip({ ...takeApart(stream, 'h264'), fps: STREAM_FPS }));
  clips.set(path, clip);
  return clip;
}

async function kbitsOf(path: string): Promise<{ clip: string; kbits: number }> {
  return { clip: path, kbits: (await load(path)).kbits };
}

import { parentPort, workerData } from 'node:worker_threads';
import { asGatehouseError, type ErrorCode } from '../base/errors.js';
import { encodeClip } from './encode.js';
import { renderScene } from './render-scene.js';
import { type DemoScene } from './scene.js';
import { sceneFormat } from './scene-format.js';

// Draws one scene and encodes it, then ends. Any message to it means: stop.

export interface RenderTask {
  scene: DemoScene;
  ffmpegPath: string;
  target: string;
}

export type RenderMessage =
  | { kind: 'progress'; share: number }
  | { kind: 'done' }
  | { kind: 'failed'; code: ErrorCode; message: string; remedy: string };

const port = parentPort!;
const { scene, ffmpegPath, target } = workerData as RenderTask;
const stop = new AbortController();
port.once('message', () => stop.abort());
const say = (message: RenderMessage) => port.postMessage(message);

async function* watched(): AsyncGenerator<Uint8Array> {
  const frames = Math.round(scene.seconds * sceneFormat.fps);
  let index = 0;
  for await (const picture of renderScene(scene)) {
    yield picture;
    index++;
    if (index % sceneFormat.fps === 0) {
      say({ kind: 'progress', share: index / frames });
      // Lets the message that stops us in, even while nothing else has to be waited for.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

try {
  await encodeClip(watched, { ffmpegPath, target, signal: stop.signal, ...sceneFormat });
  say({ kind: 'done' });
} catch (error) {
  const { code, message, remedy } = asGatehouseError(error);
  say({ kind: 'failed', code, message, remedy });
} finally {
  port.close();
}

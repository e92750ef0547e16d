import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import type { Picture } from '../../../server/frames/frame.js';
import type { Backend, Loaded } from '../contender.js';
import { FACES } from '../pictures.js';
import { packageOf } from './package-of.js';
import {
  chooseBackend,
  prepareBackend,
  require,
  wasmFolder,
  type Disposable,
  type Tensorflow,
} from './tensorflow.js';

/** What is used of human: its documented interface. */
interface Human {
  tf: Tensorflow;
  load(): Promise<void>;
  detect(input: Disposable): Promise<{
    face: { embedding?: number[] }[];
    performance: Record<string, number>;
    error: string | null;
  }>;
}

/**
 * human as it is shipped, as a contender: its face detector, mesh and description, every other module off, and nothing
 * carried over from one frame to the next, since every frame is new work to all contenders.
 */
export async function loadHuman(backend: Backend, picture: Picture): Promise<Loaded> {
  prepareBackend(backend);
  const { folder, version } = packageOf('@vladmandic/human');
  const build = join(folder, 'dist', backend === 'wasm' ? 'human.node-wasm.js' : 'human.node.js');
  const { Human } = require(build) as { Human: new (config: object) => Human };
  const models = await serve(join(folder, 'models'));
  const off = { enabled: false };
  const everyFrame = { enabled: true, skipFrames: 0, skipTime: 0 };
  const human = new Human({
    backend: backend === 'wasm' ? 'wasm' : 'tensorflow',
    wasmPath: wasmFolder(),
    modelBasePath: models.url,
    cacheSensitivity: 0,
    // One after another, so that its own watch measures each step by itself; on one thread nothing is lost.
    async: false,
    debug: false,
    filter: off,
    body: off,
    hand: off,
    gesture: off,
    object: off,
    segmentation: off,
    face: {
      enabled: true,
      detector: { maxDetected: 2 * FACES, ...everyFrame },
      mesh: everyFrame,
      description: everyFrame,
      iris: off,
      emotion: off,
      antispoof: off,
      liveness: off,
    },
  });
  await chooseBackend(human.tf, backend);
  await human.load();
  models.close();

  const detect = async () => {
    const tensor = human.tf.tensor3d(picture.pixels, [picture.height, picture.width, 3], 'int32');
    const result = await human.detect(tensor);
    tensor.dispose();
    if (result.error !== null) throw new Error(result.error);
    return result;
  };
  const first = await detect();
  return {
    version,
    works: [
      {
        name: 'frame',
        run: async () => {
          await detect();
          return undefined;
        },
      },
      // It has no call for this alone: its own watch says how long the description of the last face took.
      { name: 'faceres/1', run: async () => (await detect()).performance['description'] },
    ],
    found: { frame: first.face.filter(({ embedding }) => (embedding?.length ?? 0) > 0).length },
    embedding: null,
  };
}

/** Its WebAssembly build fetches models over HTTP only: they are served on loopback while it loads. */
async function serve(folder: string): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    readFile(join(folder, basename(request.url ?? ''))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

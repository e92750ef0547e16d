// prune-modules.mjs FOLDER: takes out of a folder of production packages what this machine never loads: engines of other
// systems, the second ffmpeg, the native TensorFlow, which has no library without its install script, and source maps.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write('Name the folder: prune-modules.mjs node_modules\n');
  process.exit(64);
}
const remove = (...path) => rmSync(join(folder, ...path), { recursive: true, force: true });

const engines = join(folder, 'onnxruntime-node', 'bin', 'napi-v6');
for (const system of readdirSync(engines)) {
  if (system !== process.platform) remove('onnxruntime-node', 'bin', 'napi-v6', system);
  else
    for (const processor of readdirSync(join(engines, system)))
      if (processor !== process.arch) remove('onnxruntime-node', 'bin', 'napi-v6', system, processor);
}

remove('@ffmpeg-installer', `${process.platform}-${process.arch}`);
for (const name of ['tfjs', 'tfjs-node', 'tfjs-layers', 'tfjs-data', 'tfjs-converter', 'tfjs-backend-webgl'])
  remove('@tensorflow', name);

for (const name of readdirSync(folder, { recursive: true })) if (name.endsWith('.map')) remove(name);

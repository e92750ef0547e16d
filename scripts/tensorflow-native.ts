/**
 * Puts the engine `tfjs-node` together where its vendor's server cannot be reached: the package, libtensorflow, and
 * the binding between the two, which is compiled here. `npm run tensorflow:native -- --help` tells the ways.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { asGatehouseError, GatehouseError } from '../server/base/errors.js';
import { buildBinding } from './tensorflow-native/build-binding.js';
import { fetchWheel, wheels } from './tensorflow-native/fetch-wheel.js';
import { findLibrary } from './tensorflow-native/find-library.js';
import { placePackage } from './tensorflow-native/place-package.js';
import { lastLines, run } from './tensorflow-native/run.js';
import { stage } from './tensorflow-native/stage.js';
import { unpack } from './tensorflow-native/unpack.js';

interface Options {
  from?: string;
  nodedir?: string;
  force?: boolean;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const begun = performance.now();

function say(text: string): void {
  console.log(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${text}`);
}

async function main({ from, nodedir, force = false }: Options): Promise<void> {
  checkMachine();
  if (from !== undefined && !existsSync(from))
    throw new GatehouseError(
      'TENSORFLOW_SOURCE_INVALID',
      `There is no file or folder ${resolve(from)}.`,
      'Name the C archive of TensorFlow or a tensorflow-cpu wheel for Linux, packed or unpacked.',
    );
  say('1/4  The JavaScript of @tensorflow/tfjs-node ...');
  const { folder, version, fetched } = await placePackage(root);
  say(`     ${version}, ${fetched ? 'fetched with npm' : 'in place'} (Apache-2.0)`);
  if (!force && from === undefined) {
    const { version: working } = await tryEngine();
    if (working !== null) {
      say(`It works already: ${working}. --force does it again.`);
      return;
    }
  }

  say(`2/4  libtensorflow ${from === undefined ? 'from the Python wheel, with pip' : `from ${from}`} ...`);
  // Beside the package: what is unpacked there need not be copied.
  mkdirSync(join(root, 'node_modules', '.cache'), { recursive: true });
  const work = mkdtempSync(join(root, 'node_modules', '.cache', 'tensorflow-native-'));
  try {
    const source = from ?? (await fetchWheel(mkdtempSync(join(work, 'wheel-'))));
    let unpacked = source;
    if (!statSync(source).isDirectory()) {
      unpacked = mkdtempSync(join(work, 'unpacked-'));
      await unpack(resolve(source), unpacked);
    }
    const found = findLibrary(unpacked);
    say(`     TensorFlow ${found.version ?? 'of an unknown version'} (Apache-2.0)`);
    stage(folder, found, unpacked !== from);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  say(`     in ${join(folder, 'deps')}`);

  say('3/4  The binding, compiled with node-gyp ...');
  await buildBinding(folder, nodedir ?? null);
  say('4/4  Does it load? ...');
  const { version: working, said } = await tryEngine();
  if (working === null)
    throw new GatehouseError(
      'TENSORFLOW_NOT_BUILT',
      `Everything is in place, and yet the engine does not load: ${said}`,
      'Try another libtensorflow with --from; docs/decisions/tensorflow-native.md lists those that were seen to work.',
    );
  say(`     tfjs-node ${working}`);
  say('Done. "engine": "tfjs-node" runs on it; `npm ci` takes it away again, then run this once more.');
}

/** Opens the engine in a process of its own, since a library that was loaded stays loaded. */
async function tryEngine(): Promise<{ version: string | null; said: string }> {
  const { code, said } = await run(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('tensorflow-native/try-engine.ts', import.meta.url))],
    { cwd: root },
  );
  const last = lastLines(said, 1);
  return code === 0 ? { version: last, said } : { version: null, said: last };
}

function checkMachine(): void {
  const { header } = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  if (process.platform === 'linux' && process.arch in wheels && header.glibcVersionRuntime) return;
  throw new GatehouseError(
    'TENSORFLOW_NOT_BUILT',
    `This is for Linux with glibc on x64 or arm64, not for ${process.platform} on ${process.arch}.`,
    'Use npm install @tensorflow/tfjs-node there; the engines onnx and wasm run everywhere.',
  );
}

const command = new Command('tensorflow:native')
  .description(
    'Puts the engine tfjs-node in place without the server of its vendor: the package with npm, libtensorflow ' +
      'from a folder or archive, or else from the tensorflow-cpu Python wheel with pip (200 MB to download, ' +
      '600 MB on the disk), and the binding, compiled here (C++ compiler, make and python3). ' +
      'Changes nothing outside node_modules. tfjs-node and TensorFlow are licensed Apache-2.0.',
  )
  .option(
    '--from <path>',
    'take libtensorflow from this: its C archive, a wheel, or a folder that holds either',
  )
  .option('--nodedir <folder>', "where Node's headers lie, as include/node; beside node unless told")
  .option('--force', 'do it again even where it works already')
  .addHelpText(
    'after',
    '\nWithout the network: npm run tensorflow:native -- --from tensorflow_cpu-2.15.1-*.whl',
  );

command.parse();
try {
  await main(command.opts<Options>());
} catch (thrown) {
  const { code, message, remedy, exitCode } = asGatehouseError(thrown);
  console.error(`${code}: ${message}\n${remedy}`);
  process.exitCode = exitCode;
}

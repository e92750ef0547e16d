// Compiles the loops that run in WebAssembly (the folders `assembly`) where what they are compiled to is missing or older than they are.
// Of the build it is told the folder that gets it; for what runs from the sources it lies beside them.
import { copyFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What is made of the folder `assembly` beside it. */
const kernels = ['server/faces/kernels/pixels.wasm', 'server/identities/gallery/near.wasm'];

/** @param {string} made @returns {string} */
const sourcesOf = (made) => made.replace(/[^/]+$/, 'assembly');

/** @param {string} made @returns {boolean} */
function isFresh(made) {
  const compiled = statSync(root + made, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = root + sourcesOf(made);
  return readdirSync(sources).every((file) => statSync(`${sources}/${file}`).mtimeMs < compiled);
}

export async function buildKernels() {
  for (const made of kernels) if (!isFresh(made)) await compile(made);
}

/** @param {string} made */
async function compile(made) {
  // Loaded only when needed: the compiler takes a second to load.
  const { default: asc } = await import('assemblyscript/asc');
  const scratch = made.replace('.wasm', `-${process.pid}.tmp`);
  const { error, stderr } = await asc.main([
    `${sourcesOf(made)}/index.ts`,
    ...['--baseDir', root, '--outFile', scratch, '--runtime', 'stub'],
    ...['--optimizeLevel', '3', '--noAssert', '--enable', 'simd', '--importMemory', '--memoryBase', '0'],
  ]);
  if (error) throw new Error(`the kernels do not compile: ${stderr.toString()}`, { cause: error });
  // Several may do so at the same time: each its own file, and the last one stays.
  renameSync(root + scratch, root + made);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildKernels();
  const [, , folder] = process.argv;
  if (folder)
    for (const made of kernels) {
      rmSync(`${folder}/${made}`, { force: true });
      copyFileSync(root + made, `${folder}/${made}`);
    }
}

// Compiles the loops over pixels (server/faces/kernels/assembly) to WebAssembly, where it is missing or older than they are.
// Of the build it is told the folder that gets it; for what runs from the sources it lies beside them.
import { copyFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const kernels = new URL('../server/faces/kernels/', import.meta.url);
const made = fileURLToPath(new URL('pixels.wasm', kernels));

/** @returns {boolean} */
function isFresh() {
  const compiled = statSync(made, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = new URL('assembly/', kernels);
  return readdirSync(sources).every((file) => statSync(new URL(file, sources)).mtimeMs < compiled);
}

export async function buildKernels() {
  if (isFresh()) return;
  // Loaded only when needed: the compiler takes a second to load.
  const { default: asc } = await import('assemblyscript/asc');
  const scratch = `server/faces/kernels/pixels-${process.pid}.tmp`;
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { error, stderr } = await asc.main([
    'server/faces/kernels/assembly/index.ts',
    ...['--baseDir', root, '--outFile', scratch, '--runtime', 'stub'],
    ...['--optimizeLevel', '3', '--noAssert', '--enable', 'simd', '--importMemory', '--memoryBase', '0'],
  ]);
  if (error) throw new Error(`the kernels do not compile: ${stderr.toString()}`, { cause: error });
  // Several may do so at the same time: each its own file, and the last one stays.
  renameSync(`${root}/${scratch}`, made);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildKernels();
  const [, , folder] = process.argv;
  if (folder) {
    rmSync(`${folder}/pixels.wasm`, { force: true });
    copyFileSync(made, `${folder}/pixels.wasm`);
  }
}

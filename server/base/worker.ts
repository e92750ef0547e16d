import { fileURLToPath } from 'node:url';

/**
 * The worker entry that stands beside a module, compiled (`.js`) as the module itself is or in
 * source (`.ts`), so that development and the built product start the same file.
 *
 * @param moduleUrl the caller's `import.meta.url`
 * @param name file name without its extension, for example `./recognise.worker`
 */
export function workerBeside(moduleUrl: string, name: string): URL {
  const extension = fileURLToPath(moduleUrl).endsWith('.ts') ? '.ts' : '.js';
  return new URL(name + extension, moduleUrl);
}

import {
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { Library } from './find-library.js';

/** The headers that the binding includes, over all versions that were tried; the rest are thousands of files. */
const HEADERS = [
  'tensorflow/c',
  'tensorflow/core/platform',
  'tensorflow/core/public',
  'tensorflow/tsl',
  'tsl',
  'xla/tsl',
];

/**
 * Lays libtensorflow out as tfjs-node wants it: `deps/lib` with every name that the linker, the loader and its own
 * install script ask for, and `deps/include`. What was there before is replaced once everything is in place.
 *
 * @param packageFolder the folder of @tensorflow/tfjs-node
 * @param ours whether the source is a temporary one, whose files may be linked instead of copied
 */
export function stage(packageFolder: string, source: Library, ours: boolean): void {
  const deps = join(packageFolder, 'deps');
  const fresh = `${deps}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(join(fresh, 'lib'), { recursive: true });

  const names = ownNames(packageFolder);
  for (const [file, alias, own] of [
    [source.library, 'libtensorflow', names.library],
    [source.framework, 'libtensorflow_framework', names.framework],
  ] as const) {
    const name = basename(file);
    place(file, join(fresh, 'lib', name), ours);
    const stem = name.slice(0, name.indexOf('.so'));
    // The loader asks for the name within the file, which is its stem and its major version.
    for (const link of new Set([`${stem}.so.2`, `${alias}.so`, own]))
      if (link !== name) symlinkSync(name, join(fresh, 'lib', link));
  }
  for (const folder of HEADERS) {
    const from = join(source.include, folder);
    if (existsSync(from))
      cpSync(from, join(fresh, 'include', folder), { recursive: true, dereference: true });
  }
  for (const file of source.licences) place(file, join(fresh, basename(file)), false);

  rmSync(deps, { recursive: true, force: true });
  renameSync(fresh, deps);
}

/**
 * The names by which tfjs-node's own install script knows that nothing has to be downloaded. Without them
 * `npm rebuild` would empty `deps` and go to its vendor's server.
 */
function ownNames(packageFolder: string): { library: string; framework: string } {
  const require = createRequire(join(packageFolder, 'package.json'));
  const { depsLibTensorFlowName, depsLibTensorFlowFrameworkName } =
    require('./scripts/deps-constants.js') as {
      depsLibTensorFlowName: string;
      depsLibTensorFlowFrameworkName: string;
    };
  return { library: depsLibTensorFlowName, framework: depsLibTensorFlowFrameworkName };
}

function place(from: string, to: string, link: boolean): void {
  mkdirSync(dirname(to), { recursive: true });
  if (link) linkSync(from, to);
  else copyFileSync(from, to, constants.COPYFILE_FICLONE);
}

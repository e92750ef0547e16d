import { copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { GatehouseError } from '../../server/base/errors.js';
import { lastLines, run } from './run.js';

/**
 * Compiles tfjs-node's binding against `deps` with the node-gyp that comes with npm, and puts it where tfjs-node looks
 * for it. The binding speaks Node-API, so one build serves every Node from 20 on. Throws TENSORFLOW_NOT_BUILT.
 *
 * @param packageFolder the folder of @tensorflow/tfjs-node, staged
 * @param nodedir a folder with `include/node`; null: beside the Node that runs, else node-gyp downloads it
 */
export async function buildBinding(packageFolder: string, nodedir: string | null): Promise<void> {
  const { binary } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    binary: { module_name: string; module_path: string; napi_versions: number[] };
  };
  const version = Math.max(...binary.napi_versions);
  const target = join(packageFolder, binary.module_path.replace('{napi_build_version}', String(version)));
  const headers = nodedir ?? headersBesideNode();
  const { code, said } = await run(
    process.execPath,
    [
      nodeGyp(),
      'rebuild',
      `--module_name=${binary.module_name}`,
      `--module_path=${target}`,
      `--napi_build_version=${version}`,
      ...(headers === null ? [] : [`--nodedir=${headers}`]),
    ],
    { cwd: packageFolder },
  );
  if (code !== 0)
    throw new GatehouseError(
      'TENSORFLOW_NOT_BUILT',
      `node-gyp cannot build the binding of tfjs-node:\n${lastLines(said)}`,
      'It needs a C++ compiler, make and python3 (Debian, Ubuntu: apt-get install build-essential python3), and ' +
        "Node's headers, which --nodedir names where they do not lie beside node.",
    );
  const file = `${binary.module_name}.node`;
  mkdirSync(target, { recursive: true });
  copyFileSync(join(packageFolder, 'build', 'Release', file), join(target, file));
}

/** The folder above `include/node` of the Node that runs, or null: many distributions have it, or a package for it. */
function headersBesideNode(): string | null {
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? prefix : null;
}

/** npm tells its scripts where its node-gyp is; without npm it is looked for beside the npm on the PATH. */
function nodeGyp(): string {
  const told = process.env['npm_config_node_gyp'];
  if (told && existsSync(told)) return told;
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const npm = join(folder, 'npm');
    if (!existsSync(npm)) continue;
    try {
      return createRequire(realpathSync(npm)).resolve('node-gyp/bin/node-gyp.js');
    } catch {
      // That npm has none; another may.
    }
  }
  throw new GatehouseError(
    'TENSORFLOW_NOT_BUILT',
    'There is no node-gyp here, which npm normally brings.',
    'Start this through npm: npm run tensorflow:native.',
  );
}

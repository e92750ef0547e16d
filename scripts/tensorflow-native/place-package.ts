import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GatehouseError } from '../../server/base/errors.js';
import { lastLines, run } from './run.js';

const NAME = '@tensorflow/tfjs-node';

/**
 * Puts the JavaScript of tfjs-node in place where npm left it out: the version that package.json names, with what it
 * depends on and without its install script, which would want its vendor's server. Changes neither package.json nor
 * the lock file. Throws TENSORFLOW_NOT_FETCHED.
 *
 * @param root the project's folder
 * @returns the package's folder, its version, and whether it had to be fetched
 */
export async function placePackage(
  root: string,
): Promise<{ folder: string; version: string; fetched: boolean }> {
  const { optionalDependencies } = readJson(join(root, 'package.json')) as {
    optionalDependencies: Record<string, string>;
  };
  const version = optionalDependencies[NAME];
  const folder = join(root, 'node_modules', NAME);
  if (installedVersion(folder) === version) return { folder, version, fetched: false };

  const words = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', `${NAME}@${version}`];
  const { code, said } = await run('npm', ['install', ...words], { cwd: root });
  if (code === 0 && installedVersion(folder) === version) return { folder, version, fetched: true };
  throw new GatehouseError(
    'TENSORFLOW_NOT_FETCHED',
    `npm cannot install ${NAME} ${version}: ${lastLines(said, 4) || `it ended with ${code ?? 'nothing'}`}`,
    'Run `npm ci` first, where npm reaches a registry.',
  );
}

function installedVersion(folder: string): string | null {
  const file = join(folder, 'package.json');
  return existsSync(file) ? (readJson(file) as { version: string }).version : null;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

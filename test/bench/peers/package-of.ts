import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { require } from './tensorflow.js';

/** Folder and version of an installed package, also where its exports hide its package.json. */
export function packageOf(name: string): { folder: string; version: string } {
  for (const place of require.resolve.paths(name) ?? []) {
    const folder = join(place, name);
    const description = join(folder, 'package.json');
    if (existsSync(description))
      return {
        folder,
        version: (JSON.parse(readFileSync(description, 'utf8')) as { version: string }).version,
      };
  }
  throw new Error(`${name} is not installed`);
}

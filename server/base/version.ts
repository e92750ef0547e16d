import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json: found upwards, since sources and compiled files lie at different depths. */
export const packageFolder = findPackage(dirname(fileURLToPath(import.meta.url)));

/** Version of Gatehouse. */
export const version = (
  JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
).version;

function findPackage(folder: string): string {
  for (let here = folder; ; here = dirname(here)) {
    try {
      readFileSync(join(here, 'package.json'));
      return here;
    } catch (error) {
      if (dirname(here) === here) throw error;
    }
  }
}

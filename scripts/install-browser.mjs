// What the tests need beyond npm: a Chromium for the desk's tests. Installed where that is possible without asking
// (Debian or Ubuntu, as root); elsewhere it is said what is missing, and those tests are skipped by name.
import { execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { canInstall, install, runs } from './apt.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** Path of a Chromium on this machine: CHROMIUM_PATH, else the first on the PATH; null where there is none. */
export function findChromium(environment = process.env) {
  const named = environment.CHROMIUM_PATH;
  if (named) return runs(named) ? named : null;
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  for (const name of NAMES) {
    const found = folders.map((folder) => join(folder, name)).find(runs);
    if (found) return found;
  }
  return null;
}

function installChromium() {
  console.log('No Chromium found; installing it with apt-get for the tests of the desk.');
  return install('Chromium', 'chromium');
}

function main() {
  if (findChromium()) return;
  if (process.env.CHROMIUM_PATH) {
    console.log(`CHROMIUM_PATH names ${process.env.CHROMIUM_PATH}, which cannot be run.`);
  } else if (canInstall() && installChromium()) {
    console.log(execFileSync(findChromium() ?? 'chromium', ['--version'], { encoding: 'utf8' }).trim());
    return;
  }
  console.log(
    'The tests of the desk in a real browser are skipped, for there is no Chromium. Install one ' +
      '(Debian, Ubuntu: `apt-get install chromium`), or let CHROMIUM_PATH name one.',
  );
}

if (process.argv[1]?.endsWith('install-browser.mjs')) main();

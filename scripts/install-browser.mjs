// What the tests need beyond npm: a Chromium for the desk's tests. Installed where that is possible without asking
// (Debian or Ubuntu, as root); elsewhere it is said what is missing, and those tests are skipped by name.
import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

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

function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function canInstall() {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0 && runs('/usr/bin/apt-get');
}

function aptGet(...words) {
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  return spawnSync('apt-get', ['-qq', '-o', 'Acquire::Retries=3', ...words], options).status === 0;
}

function install() {
  console.log('No Chromium found; installing it with apt-get for the tests of the desk.');
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    if (aptGet('update') && aptGet('install', '-y', '--no-install-recommends', 'chromium')) return true;
    console.log(`Installing Chromium failed (attempt ${attempt} of 2).`);
  }
  return false;
}

function main() {
  if (findChromium()) return;
  if (process.env.CHROMIUM_PATH) {
    console.log(`CHROMIUM_PATH names ${process.env.CHROMIUM_PATH}, which cannot be run.`);
  } else if (canInstall() && install()) {
    console.log(execFileSync(findChromium() ?? 'chromium', ['--version'], { encoding: 'utf8' }).trim());
    return;
  }
  console.log(
    'The tests of the desk in a real browser are skipped, for there is no Chromium. Install one ' +
      '(Debian, Ubuntu: `apt-get install chromium`), or let CHROMIUM_PATH name one.',
  );
}

if (process.argv[1]?.endsWith('install-browser.mjs')) main();

// Debian's packages for the tests, where they can be installed without asking.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';

/** Whether a path is a program. */
export function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether packages can be installed: Debian or its kin, as root. */
export function canInstall() {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0 && runs('/usr/bin/apt-get');
}

function aptGet(...words) {
  const options = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  };
  return spawnSync('apt-get', ['-qq', '-o', 'Acquire::Retries=3', ...words], options).status === 0;
}

/** Installs packages, with a second try; false where that does not succeed. */
export function install(what, ...packages) {
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    if (aptGet('update') && aptGet('install', '-y', '--no-install-recommends', ...packages)) return true;
    console.log(`Installing ${what} failed (attempt ${attempt} of 2).`);
  }
  return false;
}

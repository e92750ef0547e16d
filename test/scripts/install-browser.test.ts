import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findChromium } from '../../scripts/install-browser.mjs';

const SCRIPT = fileURLToPath(new URL('../../scripts/install-browser.mjs', import.meta.url));
let bin: string;
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'gatehouse-bin-'));
});
afterEach(() => rmSync(bin, { recursive: true }));

/** Puts a program on the PATH of the test. */
function put(name: string, script = ''): string {
  const path = join(bin, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}
const install = (env: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, [SCRIPT], { env: { PATH: bin, ...env }, encoding: 'utf8' });

describe.skipIf(process.platform === 'win32')('findChromium', () => {
  test('takes the named one, and no other', () => {
    const own = put('my-browser');
    put('chromium');
    expect(findChromium({ PATH: bin, CHROMIUM_PATH: own })).toBe(own);
    expect(findChromium({ PATH: bin, CHROMIUM_PATH: join(bin, 'gone') })).toBeNull();
  });

  test('takes the first of the usual names that can be run', () => {
    expect(findChromium({ PATH: bin })).toBeNull();
    expect(findChromium({})).toBeNull();
    const chrome = put('google-chrome');
    expect(findChromium({ PATH: `/nowhere:${bin}` })).toBe(chrome);
    const chromium = put('chromium-browser');
    expect(findChromium({ PATH: bin })).toBe(chromium);
    // Root may read anything, but runs only what may be run.
    chmodSync(chromium, 0o644);
    expect(findChromium({ PATH: bin })).toBe(chrome);
  });
});

describe.skipIf(process.platform === 'win32')('install-browser.mjs', () => {
  test('says nothing where a browser is', () => {
    put('chromium');
    expect(install()).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  test('installs nothing in the place of a browser that was named, and says so', () => {
    put('apt-get', `/usr/bin/touch ${bin}/asked`);
    const { status, stdout } = install({ CHROMIUM_PATH: '/nowhere' });
    expect(status).toBe(0);
    expect(stdout).toContain('CHROMIUM_PATH names /nowhere, which cannot be run.');
    expect(stdout).toContain('are skipped');
    expect(existsSync(join(bin, 'asked'))).toBe(false);
  });

  const canInstall =
    existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
  describe.skipIf(!canInstall)('as root on Debian or its kin', () => {
    /** Stands in for apt-get: notes what it is asked, fails the first `failures` times, then brings chromium. */
    const aptGet = (failures: number) =>
      put(
        'apt-get',
        `echo "$DEBIAN_FRONTEND $*" >> ${bin}/asked
         if [ "$(/usr/bin/wc -l < ${bin}/asked)" -le ${failures} ]; then exit 100; fi
         case "$*" in *install*) printf '#!/bin/sh\\necho Chromium 1' > ${bin}/chromium; /bin/chmod 755 ${bin}/chromium;; esac`,
      );
    const asked = () => readFileSync(join(bin, 'asked'), 'utf8').trim().split('\n');
    const update = expect.stringMatching(/^noninteractive .*update$/) as string;
    const chromium = expect.stringMatching(/^noninteractive .*install -y .*chromium$/) as string;

    test('installs, and the second time finds nothing to do', () => {
      aptGet(0);
      expect(install()).toMatchObject({ status: 0, stdout: expect.stringContaining('Chromium 1') as string });
      expect(asked()).toEqual([update, chromium]);
      expect(install().stdout).toBe('');
      expect(asked()).toHaveLength(2);
    });

    test('tries once more after a failure', () => {
      aptGet(1);
      expect(install().stdout).not.toContain('are skipped');
      expect(asked()).toEqual([update, update, chromium]);
    });

    test('gives up after that, plainly', () => {
      aptGet(9);
      const { status, stdout } = install();
      expect(status).toBe(0);
      expect(stdout).toContain('are skipped');
      expect(asked()).toHaveLength(2);
    });
  });
});

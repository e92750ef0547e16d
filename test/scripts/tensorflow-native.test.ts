import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findLibrary } from '../../scripts/tensorflow-native/find-library.js';
import { stage } from '../../scripts/tensorflow-native/stage.js';
import { unpack } from '../../scripts/tensorflow-native/unpack.js';

const SCRIPT = fileURLToPath(new URL('../../scripts/tensorflow-native.ts', import.meta.url));
const HEADERS = ['tensorflow/c/c_api.h', 'tensorflow/c/eager/c_api.h', 'tsl/platform/ctstring_internal.h'];
const VERSION_H =
  '#define TF_MAJOR_VERSION 2\n#define TF_MINOR_VERSION 15\n#define TF_PATCH_VERSION 1\n#define TF_VERSION_SUFFIX ""\n';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'gatehouse-native-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string | Buffer = ''): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** The head of a shared library for a processor, and something to know it by. */
function elf(machine: number, mark: string): Buffer {
  const head = Buffer.alloc(64);
  head.write('\x7fELF', 'latin1');
  head.writeUInt16LE(machine, 18);
  return Buffer.concat([head, Buffer.from(mark)]);
}
const X64 = 0x3e;

/** As a tensorflow-cpu wheel lies in `site-packages`. */
function putWheel(at: string, machine = X64): void {
  put(`${at}/tensorflow/libtensorflow_cc.so.2`, elf(machine, 'library'));
  put(`${at}/tensorflow/libtensorflow_framework.so.2`, elf(machine, 'framework'));
  for (const header of HEADERS) put(`${at}/tensorflow/include/${header}`, header);
  put(`${at}/tensorflow/include/tensorflow/core/public/version.h`, VERSION_H);
  put(`${at}/tensorflow/include/external/eigen/Eigen.h`, 'thousands of these');
  put(`${at}/tensorflow/include/external/LICENSE.txt`, "another's licence");
  put(`${at}/tensorflow/python/big.py`, 'not wanted');
  put(`${at}/tensorflow_cpu-2.15.1.dist-info/LICENSE`, 'Apache');
}

/** As TensorFlow's C archive is packed: one file of each library, and links to it. */
function putArchive(at: string): void {
  for (const name of ['libtensorflow', 'libtensorflow_framework']) {
    put(`${at}/lib/${name}.so.2.9.1`, elf(X64, name));
    symlinkSync(`${name}.so.2.9.1`, join(folder, at, 'lib', `${name}.so.2`));
    symlinkSync(`${name}.so.2`, join(folder, at, 'lib', `${name}.so`));
  }
  for (const header of HEADERS) put(`${at}/include/${header}`, header);
  put(`${at}/LICENSE`, 'Apache');
}

/** Of @tensorflow/tfjs-node, what is asked. */
function putPackage(): string {
  put('package/package.json', '{}');
  put(
    'package/scripts/deps-constants.js',
    `module.exports = { depsLibTensorFlowName: 'libtensorflow.so.2.9.1',
       depsLibTensorFlowFrameworkName: 'libtensorflow_framework.so.2.9.1' };`,
  );
  return join(folder, 'package');
}

describe('findLibrary', () => {
  test('finds it in a wheel', () => {
    putWheel('wheel');
    const found = findLibrary(join(folder, 'wheel'), 'x64');
    expect(found.library).toMatch(/tensorflow\/libtensorflow_cc\.so\.2$/);
    expect(found.framework).toMatch(/tensorflow\/libtensorflow_framework\.so\.2$/);
    expect(found.include).toMatch(/wheel\/tensorflow\/include$/);
    expect(found.version).toBe('2.15.1');
    expect(found.licences.map((file) => readFileSync(file, 'utf8'))).toEqual(['Apache']);
  });

  test('finds it in the C archive, the file and not a link to it', () => {
    putArchive('c');
    const found = findLibrary(join(folder, 'c'), 'x64');
    expect([found.library, found.framework].map((file) => basename(file))).toEqual([
      'libtensorflow.so.2.9.1',
      'libtensorflow_framework.so.2.9.1',
    ]);
    expect(found.version).toBeNull();
  });

  const refused = (what: () => void, message: string) => {
    what();
    expect(() => findLibrary(folder, 'x64')).toThrow(
      expect.objectContaining({
        code: 'TENSORFLOW_SOURCE_INVALID',
        message: expect.stringContaining(message) as string,
      }) as Error,
    );
  };
  test.each<[string, () => void, string]>([
    ['an empty folder', () => undefined, 'neither libtensorflow.so nor libtensorflow_cc.so'],
    [
      'a wheel as old as 2.9',
      () => put('libtensorflow_framework.so.2', elf(X64, '')),
      'neither libtensorflow.so nor libtensorflow_cc.so',
    ],
    ['half a library', () => put('libtensorflow.so', elf(X64, '')), 'not libtensorflow_framework.so'],
    [
      'a library without headers',
      () => {
        put('libtensorflow.so', elf(X64, ''));
        put('libtensorflow_framework.so', elf(X64, ''));
      },
      'not tensorflow/c/c_api.h',
    ],
    ['another processor', () => putWheel('.', 0xb7), 'another processor: arm64, where this Node runs on x64'],
    [
      'a text of that name',
      () => {
        putWheel('.');
        put('tensorflow/libtensorflow_cc.so.2', 'version https://…');
      },
      'no Linux library at all',
    ],
  ])('refuses %s', (_, what, message) => refused(what, message));
});

describe('stage', () => {
  const content = (path: string) => readFileSync(path, 'utf8').slice(64);

  test.each([
    ['a wheel', putWheel, 'libtensorflow_cc.so.2', 'library'],
    ['the C archive', putArchive, 'libtensorflow.so.2', 'libtensorflow'],
  ])('lays %s out under every name that is asked for', (_, putSource, soname, mark) => {
    putSource('source');
    const at = putPackage();
    stage(at, findLibrary(join(folder, 'source'), 'x64'), false);
    const lib = join(at, 'deps', 'lib');
    // The linker, the loader, and tfjs-node's own install script.
    for (const name of ['libtensorflow.so', soname, 'libtensorflow.so.2.9.1'])
      expect(content(join(lib, name))).toBe(mark);
    for (const name of ['.so', '.so.2', '.so.2.9.1'])
      expect(content(join(lib, `libtensorflow_framework${name}`))).toMatch(/framework$/);
    // One file of each, and links within the folder.
    const files = readdirSync(lib).filter((name) => lstatSync(join(lib, name)).isFile());
    expect(files).toHaveLength(2);
    for (const name of readdirSync(lib))
      if (!files.includes(name)) expect(files).toContain(readlinkSync(join(lib, name)));
    for (const header of HEADERS)
      expect(readFileSync(join(at, 'deps', 'include', header), 'utf8')).toBe(header);
    expect(readFileSync(join(at, 'deps', 'LICENSE'), 'utf8')).toBe('Apache');
    expect(existsSync(join(at, 'deps', 'include', 'external'))).toBe(false);
  });

  test('replaces what was there, and leaves the source as it was', () => {
    putWheel('source');
    const at = putPackage();
    put('package/deps/lib/libtensorflow.so.2.9.1', 'older');
    put('package/deps/lib/libtensorflow_old.so', 'older');
    const before = readdirSync(join(folder, 'source'), { recursive: true });
    for (let i = 0; i < 2; i += 1) stage(at, findLibrary(join(folder, 'source'), 'x64'), false);
    expect(content(join(at, 'deps', 'lib', 'libtensorflow.so.2.9.1'))).toBe('library');
    expect(existsSync(join(at, 'deps', 'lib', 'libtensorflow_old.so'))).toBe(false);
    expect(existsSync(join(at, 'deps.new'))).toBe(false);
    expect(readdirSync(join(folder, 'source'), { recursive: true })).toEqual(before);
    writeFileSync(join(folder, 'source/tensorflow/libtensorflow_cc.so.2'), elf(X64, 'changed later'));
    expect(content(join(at, 'deps', 'lib', 'libtensorflow.so'))).toBe('library');
  });
});

const has = (program: string) => spawnSync(program, ['--version']).error === undefined;

describe('unpack', () => {
  test.skipIf(!has('python3'))('takes of a wheel what is wanted', async () => {
    putWheel('wheel');
    execFileSync('python3', ['-m', 'zipfile', '-c', '../t.whl', ...readdirSync(join(folder, 'wheel'))], {
      cwd: join(folder, 'wheel'),
    });
    mkdirSync(join(folder, 'out'));
    await unpack(join(folder, 't.whl'), join(folder, 'out'));
    expect(findLibrary(join(folder, 'out'), 'x64')).toMatchObject({ version: '2.15.1' });
    expect(existsSync(join(folder, 'out/tensorflow/python'))).toBe(false);
  });

  test.skipIf(!has('tar'))('takes the C archive', async () => {
    putArchive('c');
    execFileSync('tar', ['-czf', join(folder, 'c.tar.gz'), '-C', join(folder, 'c'), '.']);
    mkdirSync(join(folder, 'out'));
    await unpack(join(folder, 'c.tar.gz'), join(folder, 'out'));
    expect(basename(findLibrary(join(folder, 'out'), 'x64').library)).toBe('libtensorflow.so.2.9.1');
  });

  test.each(['broken.whl', 'broken.tar.gz'])('refuses %s', async (name) => {
    put(name, 'no archive');
    mkdirSync(join(folder, 'out'));
    await expect(unpack(join(folder, name), join(folder, 'out'))).rejects.toMatchObject({
      code: 'TENSORFLOW_SOURCE_INVALID',
      message: expect.stringContaining(name) as string,
    });
  });
});

describe.skipIf(process.platform !== 'linux')('tensorflow:native', () => {
  const start = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', SCRIPT, ...args], { encoding: 'utf8' });

  test('tells its ways', () => {
    const { status, stdout } = start('--help');
    expect(status).toBe(0);
    for (const word of ['--from', '--nodedir', '--force', 'Apache-2.0']) expect(stdout).toContain(word);
  });

  test('refuses a source that is not there, with the code and what to do, before it touches anything', () => {
    expect(start('--from', join(folder, 'gone'))).toMatchObject({
      status: 65,
      stdout: '',
      stderr: expect.stringMatching(/^TENSORFLOW_SOURCE_INVALID: .*gone\.\nName the C archive/) as string,
    });
  });
});

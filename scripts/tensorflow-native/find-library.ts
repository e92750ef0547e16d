import { closeSync, openSync, readdirSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { GatehouseError } from '../../server/base/errors.js';

/** Where a libtensorflow lies, in whatever layout it came. All paths are of real files and folders. */
export interface Library {
  /** Holds the C interface: `libtensorflow.so*` of the C archive, `libtensorflow_cc.so*` of Python wheels. */
  library: string;
  framework: string;
  /** The folder that holds `tensorflow/c/c_api.h`. */
  include: string;
  licences: string[];
  /** As its headers tell; null where they do not. */
  version: string | null;
}

/**
 * Looks for libtensorflow in a folder and all those within: the C archive of TensorFlow unpacked, a Python wheel
 * unpacked, or `site-packages/tensorflow` of an environment. Throws TENSORFLOW_SOURCE_INVALID, saying what is missing.
 *
 * @param folder where to look
 * @param arch processor that it has to be for, in Node's words
 */
export function findLibrary(folder: string, arch: string = process.arch): Library {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const first = (pattern: RegExp): string | null => {
    const name = names.find((each) => pattern.test(basename(each)));
    return name === undefined ? null : realpathSync(join(folder, name));
  };
  const library = first(/^libtensorflow\.so[.\d]*$/) ?? first(/^libtensorflow_cc\.so[.\d]*$/);
  const framework = first(/^libtensorflow_framework\.so[.\d]*$/);
  const header = names.find((name) => /(^|[\\/])tensorflow[\\/]c[\\/]c_api\.h$/.test(name));
  if (!library)
    throw invalid(
      `${folder} holds neither libtensorflow.so nor libtensorflow_cc.so.`,
      framework
        ? 'Wheels as old as 2.9 lack it; take one of 2.12 or later.'
        : 'Name the C archive of TensorFlow or a tensorflow-cpu wheel for Linux, packed or unpacked.',
    );
  const missing = !framework
    ? 'libtensorflow_framework.so'
    : header === undefined
      ? 'tensorflow/c/c_api.h'
      : null;
  if (missing)
    throw invalid(`${folder} holds ${basename(library)}, but not ${missing}.`, 'Name a whole one.');
  const machine = machineOf(library);
  if (machine !== arch)
    throw invalid(
      `${basename(library)} is for another processor: ${machine}, where this Node runs on ${arch}.`,
      'Name one for this machine.',
    );

  const include = realpathSync(join(folder, dirname(header!), '..', '..'));
  const licences = names.filter(
    (name) => /^(LICENSE|THIRD_PARTY\w*)(\.txt)?$/.test(basename(name)) && !/[\\/]include[\\/]/.test(name),
  );
  return {
    library,
    framework: framework!,
    include,
    licences: licences.map((name) => join(folder, name)),
    version: versionIn(include),
  };
}

/** The version in TensorFlow's own header of it, which has moved over time. */
function versionIn(include: string): string | null {
  for (const name of ['version.h', 'release_version.h']) {
    try {
      const text = readFileSync(join(include, 'tensorflow', 'core', 'public', name), 'utf8');
      const parts = ['MAJOR', 'MINOR', 'PATCH'].map(
        (part) => new RegExp(`#define TF_${part}_VERSION (\\d+)`).exec(text)?.[1],
      );
      if (!parts.includes(undefined)) return parts.join('.');
    } catch {
      // It is not in this one.
    }
  }
  return null;
}

/** The processor that a shared library is for, from its ELF header (e_machine, bytes 18 and 19). */
function machineOf(file: string): string {
  const bytes = Buffer.alloc(20);
  const handle = openSync(file, 'r');
  readSync(handle, bytes, 0, 20, 0);
  closeSync(handle);
  if (bytes.toString('latin1', 0, 4) !== '\x7fELF') return 'no Linux library at all';
  const machine = bytes.readUInt16LE(18);
  return { 0x3e: 'x64', 0xb7: 'arm64', 0x28: 'arm' }[machine] ?? `number ${machine}`;
}

function invalid(message: string, remedy: string): GatehouseError {
  return new GatehouseError('TENSORFLOW_SOURCE_INVALID', message, remedy);
}

import { createHash } from 'node:crypto';
import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { GatehouseError } from '../../server/base/errors.js';
import { lastLines, run } from './run.js';

/** The wheel that was tried with tfjs-node 4.22, by processor; docs/decisions/tensorflow-native.md says why this one. */
export const wheels: Record<string, { name: string; platform: string; sha256: string }> = {
  x64: {
    name: 'tensorflow-cpu==2.15.1',
    platform: 'manylinux2014_x86_64',
    sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
  },
  arm64: {
    name: 'tensorflow-cpu-aws==2.15.1',
    platform: 'manylinux2014_aarch64',
    sha256: 'd4c3a3a9363bf42999adedbbd514e3a133be2d62f61fee9cfa46aaefb087c09e',
  },
};

/** What the wheels are built for; nothing of Python runs, so it need not be the machine's. */
const PYTHON = ['--implementation', 'cp', '--python-version', '3.11', '--abi', 'cp311'];

/**
 * Downloads the wheel that holds libtensorflow, with whichever pip there is, and checks that it is the one that was
 * tried. Throws TENSORFLOW_NOT_FETCHED with what each pip said, TENSORFLOW_SOURCE_INVALID where it is another file.
 *
 * @param folder an empty folder to download into
 * @returns path of the wheel
 */
export async function fetchWheel(folder: string): Promise<string> {
  const { name, platform, sha256 } = wheels[process.arch];
  const words = ['download', '--no-deps', '--only-binary=:all:', ...PYTHON, '--platform', platform];
  const rest = [...words, '--disable-pip-version-check', '--dest', folder, name];
  const reasons: string[] = [];
  for (const [program, args] of [
    ['python3', ['-m', 'pip', ...rest]],
    ['pip3', rest],
    ['pip', rest],
  ] as const) {
    const { code, said } = await run(program, args, { show: true });
    if (code === 0) {
      const wheel = join(
        folder,
        readdirSync(folder).find((each) => each.endsWith('.whl'))!,
      );
      await check(wheel, sha256);
      return wheel;
    }
    reasons.push(`${program}: ${code === null ? 'not installed' : lastLines(said, 2)}`);
  }
  throw new GatehouseError(
    'TENSORFLOW_NOT_FETCHED',
    `pip cannot download ${name}:\n${reasons.join('\n')}`,
    `Fetch that wheel (${platform}) or the C archive of TensorFlow elsewhere, and name it: ` +
      'npm run tensorflow:native -- --from FILE.',
  );
}

async function check(file: string, expected: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (found === expected) return;
  throw new GatehouseError(
    'TENSORFLOW_SOURCE_INVALID',
    `The index served another file than the one that was tried: its SHA-256 is ${found}, not ${expected}.`,
    'If you trust it all the same, download it yourself and name it with --from.',
  );
}

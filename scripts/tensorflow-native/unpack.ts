import { GatehouseError } from '../../server/base/errors.js';
import { lastLines, run } from './run.js';

/** What is taken out of a wheel, whose greater part is Python. */
const WANTED = ['*libtensorflow*', '*/include/*', '*LICENSE*', '*THIRD_PARTY*'];

/** The same for Python's zipfile: archive and folder are its arguments. */
const PYTHON = `
import re, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    for name in archive.namelist():
        if re.search(r'libtensorflow|/include/|LICENSE|THIRD_PARTY', name): archive.extract(name, sys.argv[2])
`;

/**
 * Unpacks an archive that holds libtensorflow with the programs that the machine has: tar for `.tar.gz` and its kin;
 * unzip, else Python, for `.whl`, `.zip` and `.jar`. Throws TENSORFLOW_SOURCE_INVALID.
 *
 * @param folder an empty folder to unpack into
 */
export async function unpack(archive: string, folder: string): Promise<void> {
  const ways: [string, string[]][] = /\.(whl|zip|jar)$/i.test(archive)
    ? [
        ['unzip', ['-q', '-o', archive, ...WANTED, '-d', folder]],
        ['python3', ['-c', PYTHON, archive, folder]],
      ]
    : [['tar', ['-xf', archive, '-C', folder]]];
  let reason = '';
  for (const [program, args] of ways) {
    const { code, said } = await run(program, args);
    // unzip: 11 is that one of the patterns matched nothing.
    if (code === 0 || (program === 'unzip' && code === 11)) return;
    if (code !== null || reason === '')
      reason = code === null ? `${program} is not installed` : lastLines(said, 3);
  }
  throw new GatehouseError(
    'TENSORFLOW_SOURCE_INVALID',
    `${archive} cannot be unpacked: ${reason}`,
    'Name a .whl, .zip or .tar.gz that is whole, or unpack it and name the folder.',
  );
}

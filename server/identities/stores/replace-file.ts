import { open, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';

/**
 * Replaces a file's content whole or not at all, and is back only once that survives a power cut: a file
 * beside it is written and synced, takes its name, and the folder is synced.
 *
 * The bytes are written from the hook and not handed to write-file-atomic, because that writes once and
 * does not look how much was taken: on a disk that is nearly full half of the file would replace all of it.
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  await writeFileAtomic(path, '', {
    mode: 0o600,
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- awaited since version 3, whatever the types say
    tmpfileCreated: (beside) => writeFile(beside, content),
  });
  await syncFolder(dirname(path));
}

/** Removes what a process that was killed in `replaceFile` left beside the file. */
export async function sweepBeside(path: string): Promise<void> {
  const start = `${basename(path)}.`;
  for (const name of await readdir(dirname(path))) {
    if (name.startsWith(start) && /^\d+$/u.test(name.slice(start.length)))
      await rm(join(dirname(path), name), { force: true });
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open folders; there the rename itself is journalled.
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
}

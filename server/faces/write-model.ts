import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { IMPORTED_BINARY, IMPORTED_MANIFEST, type ImportedManifest } from '../../models/weights.js';
import { GatehouseError, isDiskFull } from '../base/errors.js';

/**
 * Writes an imported network into its folder. Rejects with DISK_FULL or DATA_NOT_WRITABLE; then what was there before is
 * there still, or is known to be spoilt.
 */
export async function writeModel(
  destination: string,
  manifest: ImportedManifest,
  binary: Buffer,
): Promise<void> {
  try {
    await mkdir(destination, { recursive: true });
    // The manifest last: it holds the binary's sha256, so a crash in between is noticed.
    await replaceFile(join(destination, IMPORTED_BINARY), binary);
    await replaceFile(
      join(destination, IMPORTED_MANIFEST),
      Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`),
    );
  } catch (cause) {
    throw isDiskFull(cause)
      ? new GatehouseError(
          'DISK_FULL',
          `The disk of ${destination} is full.`,
          'Make room and import again.',
          { cause },
        )
      : new GatehouseError(
          'DATA_NOT_WRITABLE',
          `${destination} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`,
          'Choose another data folder with --data, or make it writable.',
          { cause },
        );
  }
}

/** Little-endian 32-bit floats, as imported weights are kept. */
export function floatBytes(values: ArrayLike<number>): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (let i = 0; i < values.length; i += 1) bytes.writeFloatLE(values[i], i * 4);
  return bytes;
}

/** Written beside, flushed, then renamed: a crash leaves the old file or the new one. */
async function replaceFile(path: string, bytes: Buffer): Promise<void> {
  const beside = `${path}.${randomUUID()}.new`;
  try {
    const file = await open(beside, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

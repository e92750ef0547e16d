import { mkdir, readFile, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { GatehouseError, isDiskFull } from '../../base/errors.js';
import { replaceFile } from './replace-file.js';

/** Counts up when the file's shape changes; a reader refuses what is newer than itself. */
const CALIBRATION_FILE_VERSION = 1;
/** Calibrations of one space that can be undone, the one in force included. */
const KEPT = 20;

const calibrationSchema = z.object({
  /** The largest distance that counts as a match. */
  threshold: z.number().positive().max(10),
  wantedFar: z.number().positive().max(1),
  /** What it was judged by. */
  people: z.int().nonnegative(),
  photos: z.int().nonnegative(),
  visits: z.int().nonnegative(),
  genuine: z.int().nonnegative(),
  impostor: z.int().nonnegative(),
  /** ISO 8601, UTC. */
  appliedAt: z.string().min(1),
});

const calibrationFile = z.object({
  version: z.literal(CALIBRATION_FILE_VERSION),
  /** By embedding space, oldest first: the last one is in force. */
  spaces: z.record(z.string(), z.array(calibrationSchema).max(KEPT)),
});

/** A threshold that was applied, and what it was judged by. */
export type AppliedCalibration = z.infer<typeof calibrationSchema>;
type CalibrationFile = z.infer<typeof calibrationFile>;

/**
 * The calibration in force for an embedding space (the name of the network that made the embeddings, and of what was
 * done to them since); null where there is none. Rejects with CALIBRATION_CORRUPT.
 *
 * @param folder the data folder; `calibration.json` lies in it
 */
export async function readCalibration(folder: string, space: string): Promise<AppliedCalibration | null> {
  return entriesOf(await readFileOf(folder), space).at(-1) ?? null;
}

/**
 * Puts a calibration in force from the next start on; the one before can be had back. A file that cannot be read is
 * put aside first. @returns the name under which it was kept, null where there was no need. Rejects with DISK_FULL or
 * DATA_NOT_WRITABLE.
 */
export async function applyCalibration(
  folder: string,
  space: string,
  calibration: AppliedCalibration,
): Promise<string | null> {
  let keptAs: string | null = null;
  const file = await readFileOf(folder).catch(async (): Promise<CalibrationFile> => {
    const path = pathOf(folder);
    const aside = `${path}.unreadable-${calibration.appliedAt.replace(/[:.]/gu, '-')}`;
    await rename(path, aside).catch((cause: unknown) => {
      throw notWritable(folder, cause);
    });
    keptAs = basename(aside);
    return none();
  });
  const entries = [...entriesOf(file, space), calibration].slice(-KEPT);
  await write(folder, { ...file, spaces: { ...file.spaces, [space]: entries } });
  return keptAs;
}

/**
 * Takes the calibration in force back. Rejects with CALIBRATION_NONE where there is none, CALIBRATION_CORRUPT,
 * DISK_FULL or DATA_NOT_WRITABLE.
 *
 * @returns what was in force, and what is now: null for the network's own threshold
 */
export async function undoCalibration(
  folder: string,
  space: string,
): Promise<{ undone: AppliedCalibration; now: AppliedCalibration | null }> {
  const file = await readFileOf(folder);
  const entries = entriesOf(file, space);
  const undone = entries.at(-1);
  if (!undone)
    throw new GatehouseError(
      'CALIBRATION_NONE',
      `no calibration of ${space} is in force`,
      "Nothing to do: the network's own threshold is used.",
    );
  const left = entries.slice(0, -1);
  await write(folder, { ...file, spaces: { ...file.spaces, [space]: left } });
  return { undone, now: left.at(-1) ?? null };
}

const none = (): CalibrationFile => ({ version: CALIBRATION_FILE_VERSION, spaces: {} });
const entriesOf = ({ spaces }: CalibrationFile, space: string): AppliedCalibration[] =>
  Object.hasOwn(spaces, space) ? spaces[space] : [];
const pathOf = (folder: string): string => join(folder, 'calibration.json');

async function readFileOf(folder: string): Promise<CalibrationFile> {
  try {
    const content: unknown = JSON.parse(await readFile(pathOf(folder), 'utf8'));
    const parsed = calibrationFile.safeParse(content);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues.at(0);
    throw new Error(`${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not as expected'}`);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return none();
    throw new GatehouseError(
      'CALIBRATION_CORRUPT',
      `${pathOf(folder)} cannot be read, so the network's own threshold is used: ${(cause as Error).message}`,
      'Apply a calibration again (gatehouse calibrate --apply), or remove the file.',
      { cause },
    );
  }
}

async function write(folder: string, file: CalibrationFile): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await replaceFile(pathOf(folder), `${JSON.stringify(file, null, 2)}\n`);
  } catch (cause) {
    throw isDiskFull(cause)
      ? new GatehouseError('DISK_FULL', `the disk of ${folder} is full`, 'Free some space.', { cause })
      : notWritable(folder, cause);
  }
}

function notWritable(folder: string, cause: unknown): GatehouseError {
  return new GatehouseError(
    'DATA_NOT_WRITABLE',
    `the data folder ${folder} cannot be used (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`,
    'Let the user that runs this read and write the folder.',
    { cause },
  );
}

import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { GatehouseError, isDiskFull } from '../base/errors.js';
import { replaceFile } from './stores/replace-file.js';

/** Counts up when the file's shape changes; a reader refuses what is newer than itself. */
const VERSION = 1;

const bounded = z.object({ value: z.number(), low: z.number(), high: z.number() });
const rates = z.object({
  far: z.number(),
  before: bounded,
  after: bounded,
  gain: bounded,
  genuine: z.number(),
  impostor: z.number(),
});

const adaptationFile = z.object({
  version: z.literal(VERSION),
  network: z.string().min(1),
  /** length x length float32, row after row, little endian, base64; length is that of the network's embeddings. */
  matrix: z.string(),
  /** SHA-256 of the matrix's bytes, hex. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
  /** ISO 8601, UTC. */
  learnedAt: z.string().min(1),
  seed: z.number(),
  people: z.number(),
  faces: z.number(),
  epochs: z.number(),
  /** What cross-validation showed; see server/training/learn-adaptation.ts. */
  known: rates,
  unseen: rates.nullable(),
});

/** What an adaptation was learned from and what it showed. */
export type AdaptationFigures = Omit<z.infer<typeof adaptationFile>, 'version' | 'matrix' | 'sha256'>;

/** A projection of one network's embeddings, learned from the people of this gallery. */
export interface Adaptation extends AdaptationFigures {
  /** length x length numbers for embeddings of `length`, row after row: y = x M. */
  matrix: Float32Array;
}

/** `<data>/adaptation`. Beside `NETWORK.json` lies `NETWORK.before.json`, the one that it replaced. */
export function adaptationFolder(data: string): string {
  return join(data, 'adaptation');
}

/**
 * The adaptation of a network; null where there is none. Rejects with ADAPTATION_CORRUPT where there is a file and it
 * cannot be used.
 *
 * @param length numbers of the network's embeddings
 */
export async function readAdaptation(
  folder: string,
  network: string,
  length: number,
): Promise<Adaptation | null> {
  const path = pathOf(folder, network);
  try {
    const text = await readFile(path, 'utf8').catch((cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw cause;
    });
    if (text === null) return null;
    const { version: _, matrix, sha256, ...figures } = adaptationFile.parse(JSON.parse(text));
    const bytes = Buffer.from(matrix, 'base64');
    if (figures.network !== network) throw new Error(`it is for the network ${figures.network}`);
    if (hashOf(bytes) !== sha256) throw new Error('the matrix is not the one that was written');
    if (bytes.length !== length * length * 4)
      throw new Error(`its matrix is not for embeddings of ${length} numbers, of which ${network}'s consist`);
    const values = Float32Array.from({ length: length * length }, (_, index) => bytes.readFloatLE(index * 4));
    if (!values.every(Number.isFinite)) throw new Error('the matrix holds what is no number');
    return { ...figures, matrix: values };
  } catch (cause) {
    const why = cause instanceof z.ZodError ? describe(cause) : (cause as Error).message;
    throw new GatehouseError(
      'ADAPTATION_CORRUPT',
      `the adaptation ${basename(path)} cannot be used: ${why}; faces are compared without it`,
      'Learn it anew with gatehouse adapt, or drop it with gatehouse adapt --undo.',
      { cause },
    );
  }
}

/**
 * Makes an adaptation the network's, whole or not at all; a server takes it up at its next start. The one before is
 * kept, and only that. Rejects with DISK_FULL or DATA_NOT_WRITABLE.
 */
export async function writeAdaptation(folder: string, adaptation: Adaptation): Promise<void> {
  const { matrix, ...figures } = adaptation;
  const path = pathOf(folder, adaptation.network);
  const bytes = bytesOf(matrix);
  const file = { version: VERSION, ...figures, sha256: hashOf(bytes), matrix: bytes.toString('base64') };
  await explained(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const before = await readFile(path, 'utf8').catch(() => null);
    if (before === null) await rm(beforeOf(path), { force: true });
    else await replaceFile(beforeOf(path), before);
    await replaceFile(path, `${JSON.stringify(adaptationFile.parse(file), null, 1)}\n`);
  });
}

/**
 * Takes the latest adaptation back: the one before is the network's again, or none where there was none.
 *
 * @returns which of the two; rejects with ADAPTATION_NONE where there is nothing to take back
 */
export async function undoAdaptation(folder: string, network: string): Promise<'the one before' | 'none'> {
  const path = pathOf(folder, network);
  return explained(folder, async () => {
    const restored = await rename(beforeOf(path), path).then(
      () => true,
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
        throw error;
      },
    );
    if (restored) return 'the one before';
    await rm(path).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      throw new GatehouseError(
        'ADAPTATION_NONE',
        `there is no adaptation of ${network} to be undone`,
        'Nothing to do: faces are compared as the network embeds them.',
      );
    });
    return 'none';
  });
}

/** Puts embeddings of the network into the adapted space: as many numbers as before. */
export function transformOf({
  matrix,
}: Pick<Adaptation, 'matrix'>): (embedding: Float32Array) => Float32Array {
  const length = Math.sqrt(matrix.length);
  return (embedding) => {
    const adapted = new Float32Array(length);
    for (let i = 0; i < length; i += 1) {
      const x = embedding[i];
      const row = i * length;
      for (let j = 0; j < length; j += 1) adapted[j] += x * matrix[row + j];
    }
    return adapted;
  };
}

/**
 * Name of the space that distances are measured in: `dlib-resnet`, or with an adaptation `dlib-resnet+1a2b3c4d`. What
 * was calibrated in one space means nothing in another.
 */
export function embeddingSpace(network: string, adaptation: Pick<Adaptation, 'matrix'> | null): string {
  return adaptation ? `${network}+${hashOf(bytesOf(adaptation.matrix)).slice(0, 8)}` : network;
}

function pathOf(folder: string, network: string): string {
  return join(folder, `${network}.json`);
}

function beforeOf(path: string): string {
  return join(dirname(path), `${basename(path, '.json')}.before.json`);
}

function bytesOf(matrix: Float32Array): Buffer {
  const bytes = Buffer.alloc(matrix.length * 4);
  matrix.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes;
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function describe({ issues: [first] }: z.ZodError): string {
  return `${first.path.join('.') || 'the file'}: ${first.message}`;
}

async function explained<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof GatehouseError) throw cause;
    throw isDiskFull(cause)
      ? new GatehouseError('DISK_FULL', `the disk of ${folder} is full`, 'Free some space, then try again.', {
          cause,
        })
      : new GatehouseError(
          'DATA_NOT_WRITABLE',
          `${folder} cannot be written (${(cause as Error).message})`,
          'Let this user read and write the data folder.',
          { cause },
        );
  }
}

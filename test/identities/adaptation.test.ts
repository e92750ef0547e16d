import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../server/base/log.js';
import { composeAdaptation } from '../../server/compose/adaptation.js';
import { EMBEDDING_LENGTH } from '../../server/faces/face.js';
import {
  adaptationFolder,
  embeddingSpace,
  readAdaptation,
  transformOf,
  undoAdaptation,
  writeAdaptation,
  type Adaptation,
} from '../../server/identities/adaptation.js';
import { embeddingOf } from '../fixtures/enrolled-person.js';

let data: string;
let folder: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'gatehouse-adaptation-'));
  folder = adaptationFolder(data);
});
afterEach(() => rm(data, { recursive: true, force: true }));

const bounded = { value: 0.02, low: 0.01, high: 0.03 };
const rates = { far: 0.001, before: bounded, after: bounded, gain: bounded, genuine: 9, impostor: 90 };

/** One that multiplies by a factor. */
function adaptation(factor: number, network = 'dlib-resnet'): Adaptation {
  const matrix = new Float32Array(EMBEDDING_LENGTH ** 2);
  for (let i = 0; i < EMBEDDING_LENGTH; i += 1) matrix[i * (EMBEDDING_LENGTH + 1)] = factor;
  const learnedAt = '2025-03-01T08:00:00.000Z';
  return { network, matrix, learnedAt, seed: 1, people: 5, faces: 20, epochs: 7, known: rates, unseen: null };
}

describe('an adaptation', () => {
  it('comes back as it was written, for its own network only, readable by its owner only', async () => {
    expect(await readAdaptation(folder, 'dlib-resnet', EMBEDDING_LENGTH)).toBeNull();
    await writeAdaptation(folder, adaptation(1.1));
    expect(await readAdaptation(folder, 'dlib-resnet', EMBEDDING_LENGTH)).toEqual(adaptation(1.1));
    expect(await readAdaptation(folder, 'facenet-nn4', EMBEDDING_LENGTH)).toBeNull();
    if (process.platform !== 'win32')
      expect((await stat(join(folder, 'dlib-resnet.json'))).mode & 0o077).toBe(0);
  });

  it('is undone step by step: the one before, none, and then nothing is left to undo', async () => {
    await writeAdaptation(folder, adaptation(1.1));
    await writeAdaptation(folder, adaptation(1.2));
    await writeAdaptation(folder, adaptation(1.3, 'facenet-nn4'));
    expect(await undoAdaptation(folder, 'dlib-resnet')).toBe('the one before');
    expect(await readAdaptation(folder, 'dlib-resnet', EMBEDDING_LENGTH)).toEqual(adaptation(1.1));
    expect(await undoAdaptation(folder, 'dlib-resnet')).toBe('none');
    expect(await readAdaptation(folder, 'dlib-resnet', EMBEDDING_LENGTH)).toBeNull();
    await expect(undoAdaptation(folder, 'dlib-resnet')).rejects.toMatchObject({ code: 'ADAPTATION_NONE' });
    expect(await readdir(folder)).toEqual(['facenet-nn4.json']);
  });

  it('does not come back from a life before: undoing a first one leaves none', async () => {
    await writeAdaptation(folder, adaptation(1.1));
    await writeAdaptation(folder, adaptation(1.2));
    await rm(join(folder, 'dlib-resnet.json'));
    await writeAdaptation(folder, adaptation(1.3));
    expect(await undoAdaptation(folder, 'dlib-resnet')).toBe('none');
  });

  it.each([
    ['no JSON', (text: string) => text.slice(0, 100)],
    ['a key that is missing', (text: string) => text.replace('"matrix"', '"matrices"')],
    ['a matrix that was changed', (text: string) => text.replace('"matrix": "A', '"matrix": "B')],
    ['a matrix that is cut off', (text: string) => text.replace(/"matrix": ".{400}/u, '"matrix": "')],
    ['another network', (text: string) => text.replace('dlib-resnet', 'facenet-nn4')],
    ['a newer version', (text: string) => text.replace('"version": 1', '"version": 2')],
  ])('with %s is a problem, and faces are compared without it', async (_, damage) => {
    await writeAdaptation(folder, adaptation(1.5));
    const path = join(folder, 'dlib-resnet.json');
    const text = await readFile(path, 'utf8');
    expect(damage(text)).not.toBe(text);
    await writeFile(path, damage(text));
    await expect(readAdaptation(folder, 'dlib-resnet', EMBEDDING_LENGTH)).rejects.toMatchObject({
      code: 'ADAPTATION_CORRUPT',
    });
    const composed = await composeAdaptation(data, 'dlib-resnet', EMBEDDING_LENGTH, silentLog);
    expect(composed).toMatchObject({ transform: null, space: 'dlib-resnet' });
    expect(composed.problem).toContain('ADAPTATION_CORRUPT');
    expect(await undoAdaptation(folder, 'dlib-resnet')).toBe('none');
  });

  it('is what the server compares faces with', async () => {
    const plain = await composeAdaptation(data, 'dlib-resnet', EMBEDDING_LENGTH, silentLog);
    expect(plain).toEqual({ transform: null, space: 'dlib-resnet', problem: null });
    await writeAdaptation(folder, adaptation(1.5));
    const { transform, space, problem } = await composeAdaptation(
      data,
      'dlib-resnet',
      EMBEDDING_LENGTH,
      silentLog,
    );
    expect(problem).toBeNull();
    expect(space).toBe(embeddingSpace('dlib-resnet', adaptation(1.5)));
    const embedding = embeddingOf('ada');
    expect(transform!(embedding)).toEqual(embedding.map((value) => value * 1.5));
  });

  it('is as long as the network says: one for another length is a problem', async () => {
    // More than a regular expression can walk through: a matrix of 1024 x 1024 is 5.6 MB of base64.
    const long = { ...adaptation(1.1, 'faceres'), matrix: new Float32Array(1024 ** 2).fill(0.5) };
    await writeAdaptation(folder, long);
    const read = await readAdaptation(folder, 'faceres', 1024);
    expect(Buffer.from(read!.matrix.buffer).equals(Buffer.from(long.matrix.buffer))).toBe(true);
    const adapted = transformOf(read!)(new Float32Array(1024).fill(1));
    expect(adapted).toEqual(new Float32Array(1024).fill(512));
    await expect(readAdaptation(folder, 'faceres', 512)).rejects.toMatchObject({
      code: 'ADAPTATION_CORRUPT',
      message: expect.stringContaining('not for embeddings of 512 numbers') as string,
    });
  });

  it('names a space of its own', () => {
    expect(embeddingSpace('dlib-resnet', null)).toBe('dlib-resnet');
    expect(embeddingSpace('dlib-resnet', adaptation(1.1))).toMatch(/^dlib-resnet\+[0-9a-f]{8}$/u);
    expect(embeddingSpace('dlib-resnet', adaptation(1.1))).not.toBe(
      embeddingSpace('dlib-resnet', adaptation(1.2)),
    );
  });

  it('multiplies a row by the matrix', () => {
    const matrix = new Float32Array(EMBEDDING_LENGTH ** 2);
    matrix[0 * EMBEDDING_LENGTH + 3] = 2;
    matrix[1 * EMBEDDING_LENGTH + 3] = 5;
    const adapted = transformOf({ matrix })(Float32Array.from({ length: EMBEDDING_LENGTH }, (_, i) => i + 1));
    expect(adapted[3]).toBe(1 * 2 + 2 * 5);
    expect(adapted.filter((value) => value !== 0)).toHaveLength(1);
  });
});

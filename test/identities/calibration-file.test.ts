import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../server/base/log.js';
import { composeThreshold } from '../../server/compose/threshold.js';
import {
  applyCalibration,
  readCalibration,
  undoCalibration,
  type AppliedCalibration,
} from '../../server/identities/stores/calibration-file.js';
import { lowdbStore } from '../../server/identities/stores/lowdb.js';
import { readPeople } from '../../server/identities/stores/read-people.js';
import { enrolledPerson } from '../fixtures/enrolled-person.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-calibration-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = (): string => join(folder, 'calibration.json');
const at = (threshold: number): AppliedCalibration => ({
  threshold,
  wantedFar: 0.001,
  people: 3,
  photos: 5,
  visits: 0,
  genuine: 4,
  impostor: 10,
  appliedAt: '2024-05-01T08:00:00.000Z',
});
const network = { network: 'dlib-resnet', defaultThreshold: 0.54 };

describe('a calibration', () => {
  it('is in force from when it is applied until it is undone, each space for itself', async () => {
    expect(await readCalibration(folder, 'dlib-resnet')).toBeNull();
    await applyCalibration(folder, 'dlib-resnet', at(0.5));
    await applyCalibration(folder, 'dlib-resnet', at(0.48));
    await applyCalibration(folder, 'facenet-nn4', at(0.6));
    expect(await readCalibration(folder, 'dlib-resnet')).toEqual(at(0.48));
    expect(await readCalibration(folder, 'facenet-nn4')).toEqual(at(0.6));
    expect(await readCalibration(folder, 'dlib-resnet+a1')).toBeNull();

    expect(await undoCalibration(folder, 'dlib-resnet')).toEqual({ undone: at(0.48), now: at(0.5) });
    expect(await undoCalibration(folder, 'dlib-resnet')).toEqual({ undone: at(0.5), now: null });
    await expect(undoCalibration(folder, 'dlib-resnet')).rejects.toMatchObject({ code: 'CALIBRATION_NONE' });
    expect(await readCalibration(folder, 'facenet-nn4')).toEqual(at(0.6));
    // Replaced whole: nothing else is left beside it.
    expect(await readdir(folder)).toEqual(['calibration.json']);
  });

  it('remembers a bounded number of steps', async () => {
    for (let step = 1; step <= 25; step += 1) await applyCalibration(folder, 'dlib-resnet', at(step / 100));
    let undone = 0;
    for (; (await readCalibration(folder, 'dlib-resnet')) !== null; undone += 1)
      await undoCalibration(folder, 'dlib-resnet');
    expect(undone).toBe(20);
  });

  it('is used as the default threshold at the next start', async () => {
    expect(await composeThreshold(folder, network, silentLog)).toEqual({ threshold: 0.54, problem: null });
    await applyCalibration(folder, 'dlib-resnet', at(0.49));
    expect(await composeThreshold(folder, network, silentLog)).toEqual({ threshold: 0.49, problem: null });
  });

  it.each([
    ['no JSON', '{'],
    [
      'a threshold that is none',
      JSON.stringify({ version: 1, spaces: { 'dlib-resnet': [{ ...at(1), threshold: -1 }] } }),
    ],
    ['a newer version', JSON.stringify({ version: 2, spaces: {} })],
  ])('that cannot be read (%s) is said, the default is used, and it is kept aside', async (_, text) => {
    await writeFile(file(), text);
    await expect(readCalibration(folder, 'dlib-resnet')).rejects.toMatchObject({
      code: 'CALIBRATION_CORRUPT',
    });
    await expect(undoCalibration(folder, 'dlib-resnet')).rejects.toMatchObject({
      code: 'CALIBRATION_CORRUPT',
    });
    const { threshold, problem } = await composeThreshold(folder, network, silentLog);
    expect(threshold).toBe(0.54);
    expect(problem).toMatch(/^CALIBRATION_CORRUPT: .*calibration\.json/);
    const keptAs = await applyCalibration(folder, 'dlib-resnet', at(0.5));
    expect(await readFile(join(folder, keptAs!), 'utf8')).toBe(text);
    expect(await readCalibration(folder, 'dlib-resnet')).toEqual(at(0.5));
  });
});

describe('reading the people of a running server', () => {
  it('gives what the store holds, and touches nothing', async () => {
    expect(await readPeople(join(folder, 'nowhere'))).toEqual([]);
    const people = [enrolledPerson('ada', 2), enrolledPerson('bo')];
    await lowdbStore(folder).write(people);
    // As the store leaves it for a moment while it writes.
    await writeFile(join(folder, 'people.json.123'), 'half');
    expect(await readPeople(folder)).toEqual(people);
    await writeFile(join(folder, 'people.json'), '{');
    await expect(readPeople(folder)).rejects.toMatchObject({ code: 'PEOPLE_STORE_CORRUPT' });
    expect((await readdir(folder)).sort()).toEqual(['people.json', 'people.json.123']);
  });
});

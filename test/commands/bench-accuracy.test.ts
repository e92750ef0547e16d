import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchAccuracy } from '../../server/commands/bench-accuracy.js';
import type { AccuracyReport } from '../../server/commands/accuracy/report.js';
import { knowEngines } from '../fixtures/measured-engines.js';
import { groupPicture, portraitPicture } from '../fixtures/portrait.js';
import type { Picture } from '../../server/frames/frame.js';
import { runGatehouse } from './run-gatehouse.js';

const shared = resolve(import.meta.dirname, '../../../shared/data/faces');
const poses = [{}, { yaw: 12, smile: 0.8 }, { yaw: -10, light: 0.85 }];
const names = ['skuli', 'ada', 'bo', 'greta'];

let root: string;
let data: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gatehouse-accuracy-'));
  data = join(root, '.data');
  await knowEngines(data);
  const write = async (name: string, number: number, picture: Picture): Promise<void> => {
    await mkdir(join(root, name), { recursive: true });
    const { width, height, pixels } = picture;
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .resize(480)
      .jpeg({ quality: 92 })
      .toFile(join(root, name, `${name}_000${number}.jpg`));
  };
  for (const name of names)
    for (const [index, pose] of poses.entries())
      await write(name, index + 1, await portraitPicture(name, pose));
  // Skuli in the middle, and somebody larger beside him.
  const crowd = [
    { name: 'skuli', x: 480 },
    { name: 'ada', x: 800, pose: { size: 190 } },
  ];
  await write('skuli', 4, await groupPicture(crowd));
  await write('wall', 1, await groupPicture([]));
  await writeFile(join(root, 'wall', 'wall_0002.jpg'), 'not a picture');
});
afterAll(() => rm(root, { recursive: true, force: true }));

const path = (name: string, number: number): string => `${name}/${name}_000${number}.jpg`;
const same = names.flatMap((name) => [
  [path(name, 1), path(name, 2), '1'],
  [path(name, 1), path(name, 3), '1'],
]);
const different = names.flatMap((name, index) => {
  const other = names[(index + 1) % names.length];
  return [
    [path(name, 1), path(other, 2), '0'],
    [path(name, 3), path(other, 1), '0'],
  ];
});

async function listOf(lines: string[][]): Promise<string> {
  const list = join(root, 'pairs.csv');
  await writeFile(list, `a,b,same\n${lines.map((line) => line.join(',')).join('\n')}\n`);
  return list;
}

const options = {
  config: 'streams.config.json',
  logLevel: 'silent',
  model: 'dlib-resnet',
  engine: 'auto',
} as const;

describe('gatehouse bench accuracy', () => {
  it('judges drawn people without a fault, and counts what it could not judge', async () => {
    const plot = join(root, 'plot.svg');
    const lines = [
      ...same,
      ...different,
      [path('skuli', 1), path('skuli', 4), '1'],
      [path('ada', 1), path('skuli', 4), '0'],
      [path('bo', 1), path('wall', 1), '1'],
      [path('bo', 1), path('wall', 2), '0'],
      [path('bo', 1), 'gone/1.jpg', '0'],
    ];
    const { code, stdout, stderr } = await runGatehouse(
      'bench',
      'accuracy',
      ...['--pairs', await listOf(lines), '--root', root, '--data', data, '--json', '--plot', plot],
    );
    const report = JSON.parse(stdout) as AccuracyReport;

    // The first picture that could not be read says how it ends: gone/1.jpg.
    expect(code).toBe(66);
    // With nobody watching there is a line now and then, and nothing else.
    expect(stderr).toMatch(/^(embedding: \d+ of 16, .* left\n)*$/);
    expect(report.pictures.unreadable).toEqual([
      expect.objectContaining({ path: 'gone/1.jpg', code: 'PHOTO_UNREADABLE', lines: [22] }),
      expect.objectContaining({ path: path('wall', 2), code: 'PHOTO_CORRUPT', lines: [21] }),
    ]);
    expect(report.list).toMatchObject({ format: 'csv', pairs: 21, pairsLeftOut: 2 });
    expect(report.pictures).toMatchObject({ total: 16, noFace: [path('wall', 1)], severalFaces: 1 });
    expect(report.pictures.msPerPicture).toBeGreaterThan(0);

    const { official, withoutMissed, defaultThreshold } = report;
    expect(official).toMatchObject({ same: 10, different: 9, missed: { same: 1, different: 0 } });
    expect(official.atDefault).toMatchObject({ threshold: defaultThreshold, frr: { count: 1, of: 10 } });
    // Also with the one in the middle of the crowd: the larger face beside him would be Ada.
    expect(withoutMissed).toMatchObject({
      same: 9,
      different: 9,
      auc: 1,
      accuracy: { mean: 1, official: false },
    });
    expect(withoutMissed.atDefault).toMatchObject({ far: { count: 0 }, frr: { count: 0 } });
    expect(withoutMissed.equalError?.rate).toBe(0);
    expect(official.auc).toBeCloseTo(0.9, 12);
    expect(official.atFar[1]).toEqual({ wantedFar: 0.001, resolved: false, impostors: 9, needed: 1000 });
    expect(report.curve[0]).toMatchObject({ threshold: 0, far: 0, frr: 1 });
    expect(report.curve.at(-1)).toMatchObject({ far: 1, frr: 0.1 });
    expect(report.histogram.missed).toEqual({ genuine: 1, impostor: 0 });
    // Each person has a folder here; pairs of two stand apart.
    expect(Object.keys(report.folders ?? {})).toEqual([...names].sort().concat('(across)'));
    expect(await readFile(plot, 'utf8')).toContain('10 comparisons');
  });

  it("runs LFW's official pairs as they are, and prints for people", async () => {
    const short = (name: string, other = name): string =>
      name === other ? `${name}\t1\t2` : `${name}\t1\t${other}\t2`;
    const text = `2\t2\n${[
      short('skuli'),
      short('ada'),
      short('skuli', 'ada'),
      short('bo', 'greta'),
      short('bo'),
      short('greta'),
      short('bo', 'ada'),
      short('greta', 'skuli'),
    ].join('\n')}\n`;
    await writeFile(join(root, 'pairs.txt'), text);
    const { code, stdout, stderr } = await runGatehouse(
      'bench',
      'accuracy',
      ...['--pairs', join(root, 'pairs.txt'), '--root', root, '--data', data],
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('8 pairs (4 same, 4 different) of 8 pictures');
    expect(stdout).toMatch(/accuracy, 2 folds +100 % ± 0 % \(standard error\)/);
    expect(stdout).toMatch(/FRR at FAR 1 % +not resolved/);
    expect(stdout).toContain(
      'FAR 0.1 % cannot be seen with 4 pairs of different people: it takes 1000 at least.',
    );
  });

  it.each([
    ['a list that is not there', { pairs: 'nowhere.csv' }, 'PAIRS_NOT_FOUND'],
    ['a network that is none', { model: 'eigenfaces' }, 'MODEL_UNKNOWN'],
    ['a plot of an unknown kind', { plot: 'plot.gif' }, 'USAGE'],
    ['a root that is wrong', { root: '/nowhere' }, 'PHOTO_UNREADABLE'],
    ['weights that were never imported', { model: 'facenet-nn4', data: '/nowhere' }, 'MODEL_MISSING'],
  ])('refuses %s', async (_, wrong, code) => {
    const pairs = await listOf(same.slice(0, 1));
    await expect(benchAccuracy({ ...options, data, pairs, root, ...wrong })).rejects.toMatchObject({ code });
  });

  it('names the wrong lines of a list', async () => {
    const pairs = await listOf([...same, ['skuli.jpg', 'ada.jpg']]);
    await expect(benchAccuracy({ ...options, data, pairs, root })).rejects.toMatchObject({
      code: 'PAIRS_INVALID',
      message: expect.stringContaining(`line ${same.length + 2}: 2 columns`) as string,
    });
  });
});

describe.skipIf(!existsSync(shared))('bench accuracy on real people (needs ../shared)', () => {
  it('tells six people apart without a fault', async () => {
    const pairs = (await readFile(join(shared, 'pairs.csv'), 'utf8')).split('\n');
    const list = join(root, 'real.csv');
    await writeFile(list, pairs.filter((line) => /^images\/fr\/[^,]+,images\/fr\//u.test(line)).join('\n'));
    const { stdout } = await runGatehouse(
      'bench',
      'accuracy',
      ...['--pairs', list, '--root', shared, '--data', data, '--json'],
    );
    const { official, pictures } = JSON.parse(stdout) as AccuracyReport;
    expect(pictures.noFace).toEqual([]);
    expect(official).toMatchObject({ same: 20, different: 20, auc: 1, accuracy: { mean: 1 } });
    expect(official.atDefault.far).toMatchObject({ count: 0, of: 20 });
  });
});

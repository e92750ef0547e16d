import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../server/base/clock.js';
import { openDataFolder, type DataFolder } from '../../server/base/data-folder.js';
import { silentLog } from '../../server/base/log.js';
import { calibrate } from '../../server/commands/calibrate.js';
import type { CalibrationReport } from '../../server/commands/calibrate/report.js';
import { startRecogniser } from '../../server/faces/start-recogniser.js';
import { openIdentities } from '../../server/identities/identities.js';
import { lowdbStore } from '../../server/identities/stores/lowdb.js';
import { readPeople } from '../../server/identities/stores/read-people.js';
import { knowEngines, measuredEngines } from '../fixtures/measured-engines.js';
import { portraitPicture } from '../fixtures/portrait.js';
import { runGatehouse } from './run-gatehouse.js';

let folder: string;
let data: string;
let running: DataFolder | null = null;
let common: string[];

/** Drawn people with real networks: Skuli and Ada with two photos, Bo and Greta with one; three visits. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-calibrate-'));
  data = join(folder, 'data');
  const people = join(folder, 'people');
  const write = async (path: string, name: string, pose = {}): Promise<void> => {
    const { width, height, pixels } = await portraitPicture(name, pose);
    await mkdir(join(path, '..'), { recursive: true });
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 92 })
      .toFile(path);
  };
  await write(join(people, 'skuli', '1.jpg'), 'skuli');
  await write(join(people, 'skuli', '2.jpg'), 'skuli', { yaw: 14, smile: 0.7 });
  await write(join(people, 'ada', '1.jpg'), 'ada');
  await write(join(people, 'ada', '2.jpg'), 'ada', { yaw: -12, light: 0.8 });
  await write(join(people, 'bo.jpg'), 'bo');
  await write(join(people, 'greta.jpg'), 'greta');
  const snapshot = (visit: string): string => join(data, 'snapshots', `${visit}.jpg`);
  await write(snapshot('run-1'), 'bo', { yaw: 8, smile: 0.6 });
  await write(snapshot('run-2'), 'stranger-1');
  await write(snapshot('run-3'), 'greta', { light: 0.85 });
  await writeFile(
    join(folder, 'streams.config.json'),
    JSON.stringify({
      cameras: [
        { id: 'door', source: { kind: 'demo', scene: 'entrance' } },
        { id: 'back', threshold: 0.5, source: { kind: 'demo', scene: 'entrance' } },
      ],
    }),
  );
  await knowEngines(data);
  const recogniser = await startRecogniser({
    engine: 'auto',
    enginesFile: await measuredEngines(),
    workers: 1,
    network: 'dlib-resnet',
    modelsFolder: join(data, 'models'),
    log: silentLog,
  });
  const identities = await openIdentities({
    folders: [people],
    store: lowdbStore(data),
    recognise: async (picture) => (await recogniser.recognise([picture], { profile: 'photo' }))[0],
    network: recogniser.network,
    minFace: 60,
    clock: systemClock,
    log: silentLog,
  });
  await identities.ready;
  await identities.close();
  await recogniser.close();
  // As a running server has it.
  running = await openDataFolder(data);
  common = ['--config', join(folder, 'streams.config.json'), '--data', data];
}, 180_000);
afterAll(async () => {
  await running?.release();
  await rm(folder, { recursive: true, force: true });
});

const threshold = async (): Promise<number | undefined> => {
  const text = await readFile(join(data, 'calibration.json'), 'utf8').catch(() => '{"spaces":{}}');
  const file = JSON.parse(text) as { spaces: Partial<Record<string, { threshold: number }[]>> };
  return file.spaces['dlib-resnet']?.at(-1)?.threshold;
};

it('judges the gallery of a running server, and says how little it proves', async () => {
  const plot = join(folder, 'plot.png');
  const { code, stdout, stderr } = await runGatehouse('calibrate', ...common, '--plot', plot);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain('dlib-resnet: 4 people with 6 photos, 2 of them with several');
  // Four photos with another of their person; six with each of three other people.
  expect(stdout).toContain('4 comparisons of one person, 18 of two');
  expect(stdout).toContain('18 comparisons of different people cannot show a FAR of 0.1 %: that takes 1000');
  expect(stdout).toContain('Only 2 people have several photos');
  expect(stdout).toContain('Nearest pairs of people');
  expect(stdout).toContain("The network's default stays");
  expect(stdout).toContain('Camera back has a threshold of its own in the configuration, 0.5, which wins.');
  expect((await sharp(plot).metadata()).format).toBe('png');
  expect(await threshold()).toBeUndefined();
});

it('judges by labelled visits too, and leaves a default alone that so few cannot shake', async () => {
  const labels = join(folder, 'labels.csv');
  await writeFile(labels, 'visit,person\nrun-1,bo\nrun-2,?\nrun-3,nobody-here\nrun-4,ada\n');
  const apply = ['calibrate', ...common, '--visits', labels, '--apply', '--json'];
  const { code, stdout } = await runGatehouse(...apply);
  expect(code).toBe(0);
  const report = JSON.parse(stdout) as CalibrationReport;
  expect(report).toMatchObject({
    version: 1,
    space: 'dlib-resnet',
    // The drawn people lie far apart, but so few prove nothing: the default stays, and nothing is written.
    applied: false,
    inForce: null,
    camerasWithOwn: [{ id: 'back', threshold: 0.5 }],
  });
  expect(report.calibration).toMatchObject({
    people: 4,
    photos: 6,
    visits: { known: 1, strangers: 1 },
    genuine: 5,
    impostor: 18 + 3 + 4,
    hurtfulPhotos: [],
  });
  expect(report.calibration.atDefault).toMatchObject({ far: { count: 0 }, frr: { count: 0 } });
  expect(report.visitProblems.map(({ visit, code: why }) => [visit, why])).toEqual([
    ['run-4', 'SNAPSHOT_MISSING'],
    ['run-3', 'PERSON_UNKNOWN'],
  ]);
  expect(await threshold()).toBeUndefined();
});

it('applies a stricter threshold where the gallery asks for it, and takes it back', async () => {
  // Somebody who resembles Bo more than the network's threshold allows for, as a second person.
  const store = lowdbStore(join(folder, 'alike'));
  const people = await readPeople(data);
  const bo = people.find(({ id }) => id === 'bo')!;
  const towards = people.find(({ id }) => id === 'greta')!.samples[0].embedding;
  const twin = structuredClone({ ...bo, id: 'bodil', name: 'Bodil' });
  // On the way from Bo to Greta: 0.45 from him, further from her.
  const whole = Math.hypot(...towards.map((value, i) => value - bo.samples[0].embedding[i]));
  twin.samples[0].embedding = bo.samples[0].embedding.map(
    (value, i) => value + (0.45 / whole) * (towards[i] - value),
  );
  await store.write([...people, twin]);
  const options = {
    config: join(folder, 'streams.config.json'),
    data: join(folder, 'alike'),
    logLevel: 'silent',
    far: '0.01',
  } as const;

  const applied = await printed(() => calibrate({ ...options, apply: true }));
  expect(applied).toContain('Bodil');
  expect(applied).toContain('takes effect at the next start');
  const file = JSON.parse(await readFile(join(folder, 'alike', 'calibration.json'), 'utf8')) as {
    spaces: Record<string, { threshold: number }[]>;
  };
  const [{ threshold: chosen }] = file.spaces['dlib-resnet'];
  expect(chosen).toBeGreaterThan(0.2);
  expect(chosen).toBeLessThan(0.45);

  expect(await printed(() => calibrate({ ...options }))).toContain('in force');
  expect(await printed(() => calibrate({ ...options, undo: true }))).toContain("0.54, the network's default");
  await expect(calibrate({ ...options, undo: true })).rejects.toMatchObject({ code: 'CALIBRATION_NONE' });
});

it.each([
  ['a FAR that is none', { far: 'few' }, 'USAGE'],
  ['a folder with nobody in it', { data: '/nowhere' }, 'CALIBRATION_TOO_FEW'],
  ['labels that are not there', { visits: '/nowhere/labels.csv' }, 'LABELS_UNREADABLE'],
])('refuses %s', async (_, wrong, code) => {
  const options = {
    config: join(folder, 'streams.config.json'),
    data,
    logLevel: 'silent',
    far: '0.001',
  } as const;
  await expect(calibrate({ ...options, ...wrong })).rejects.toMatchObject({ code });
});

/** What a command prints for people. */
async function printed(command: () => Promise<number>): Promise<string> {
  let text = '';
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (chunk: string) => {
    text += chunk;
    return true;
  };
  try {
    expect(await command()).toBe(0);
  } finally {
    process.stdout.write = write;
  }
  return text;
}

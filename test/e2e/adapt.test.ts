import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../server/base/clock.js';
import { silentLog } from '../../server/base/log.js';
import type { Pose } from '../../server/demo/portrait.js';
import { EMBEDDING_LENGTH } from '../../server/faces/face.js';
import { startRecogniser } from '../../server/faces/start-recogniser.js';
import type { EnrolledPerson } from '../../server/identities/person.js';
import { lowdbStore } from '../../server/identities/stores/lowdb.js';
import { openSnapshots } from '../../server/outlets/snapshots.js';
import { knowEngines, measuredEngines } from '../fixtures/measured-engines.js';
import { portraitPicture } from '../fixtures/portrait.js';
import { PRODUCT, productFolder, startProduct } from '../fixtures/product.js';
import { toYuv } from '../fixtures/yuv.js';
import { madeFaces } from '../training/made-faces.js';

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

// A camera that nobody answers for: the server starts at once, and this is not about cameras.
const config = { cameras: [{ id: 'door', source: { kind: 'rtsp', url: 'rtsp://127.0.0.1:9/door' } }] };
let place: Awaited<ReturnType<typeof productFolder>>;

function adapt(...args: string[]): Promise<Outcome> {
  const all = [PRODUCT, 'adapt', '--config', place.config, '--data', place.data, ...args];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      all,
      { env: { ...process.env, NODE_OPTIONS: '' }, timeout: 90_000 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}

const kept = () => readdir(join(place.data, 'adaptation')).catch(() => []);

function enrolled(id: string, embeddings: Float32Array[]): EnrolledPerson {
  const samples = embeddings.map((embedding, n) => ({
    photo: `${id}/${n}.png`,
    sha256: n.toString(16).padStart(64, '0'),
    network: 'dlib-resnet',
    embedding,
    enrolledAt: '2025-03-01T08:00:00.000Z',
  }));
  return { id, name: id, samples };
}

beforeAll(async () => {
  place = await productFolder(config);
  await knowEngines(place.data);
});
afterAll(() => place.remove());

describe('drawn people, through the real network', () => {
  const people = ['skuli', 'ada', 'bo', 'mei', 'omar', 'freya'];
  const poses: Partial<Pose>[] = [{ yaw: -6 }, { yaw: 8, smile: 0.8 }];

  beforeAll(async () => {
    const recogniser = await startRecogniser({
      engine: 'auto',
      enginesFile: await measuredEngines(),
      workers: 2,
      network: 'dlib-resnet',
      modelsFolder: join(place.data, 'models'),
      log: silentLog,
    });
    const snapshots = await openSnapshots(join(place.data, 'snapshots'), 1e12, systemClock, silentLog);
    const look = async (name: string, pose: Partial<Pose>) => {
      const picture = await portraitPicture(name, pose);
      const [[face]] = await recogniser.recognise([picture]);
      return { picture, face };
    };
    const store: EnrolledPerson[] = [];
    for (const id of people) {
      const looks = await Promise.all(poses.map((pose) => look(id, pose)));
      store.push(
        enrolled(
          id,
          looks.map(({ face }) => face.embedding!),
        ),
      );
    }
    await lowdbStore(place.data).write(store);
    for (const [index, name] of [...people, 'stranger-1'].entries()) {
      const { picture, face } = await look(name, { yaw: 15, roll: 6, light: 0.8 });
      expect(await snapshots.take(`v-${index}`, toYuv(picture), face.box)).toBe(true);
    }
    snapshots.close();
    await recogniser.close();
    const labels = [...people, '?'].map((person, index) => `v-${index},${person}`);
    await writeFile(
      join(place.folder, 'labels.csv'),
      ['visit,person', ...labels, 'v-gone,ada', ''].join('\n'),
    );
  }, 180_000);

  test('are measured with their visits; what cannot be used is told, and nothing changes without need', async () => {
    const { code, stdout, stderr } = await adapt('--visits', join(place.folder, 'labels.csv'), '--json');
    expect(stderr).toContain('labels.csv:9: SNAPSHOT_MISSING');
    expect(code, stderr).toBe(0);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    // 6 people with 2 photos and a visit each, and a stranger.
    expect(result).toMatchObject({ network: 'dlib-resnet', people: 6, several: 6, faces: 19, folds: 5 });
    expect(result['problems']).toHaveLength(1);
    // Drawn people are easy: nobody is missed, so there is nothing to gain, and it must say so.
    expect(result).toMatchObject({ adopted: false, written: false, known: { before: { value: 0 } } });
    expect(await kept()).toEqual([]);
  });

  test('too few of them are refused with what is missing', async () => {
    const store = lowdbStore(place.data);
    const all = await store.read();
    await store.write(all.slice(0, 3));
    const { code, stderr } = await adapt();
    expect(code).toBe(66);
    expect(stderr).toContain('ADAPTATION_TOO_FEW: 5 people with at least 2 photos each are needed');
    expect(stderr).toContain('there are 3');
    await store.write(all);
  });
});

describe('a gallery with something to learn', () => {
  // Made embeddings: photos of a person differ in what says nothing about who it is.
  beforeAll(async () => {
    const { embeddings, people, length } = madeFaces({ people: 20, photos: 5, nuisance: 0.6 });
    const ofPerson = (person: number) =>
      [...people.keys()]
        .filter((row) => people[row] === person)
        .map((row) => {
          const embedding = new Float32Array(EMBEDDING_LENGTH);
          embedding.set(embeddings.subarray(row * length, (row + 1) * length));
          return embedding;
        });
    await lowdbStore(place.data).write(
      Array.from({ length: 20 }, (_, person) => enrolled(`person-${person}`, ofPerson(person))),
    );
  });

  test('is adapted while a server runs, which takes it up at its next start, and back with one command', async () => {
    const tried = await adapt('--dry-run');
    expect(tried.code, tried.stderr).toBe(0);
    expect(tried.stdout).toContain('It would be kept');
    expect(await kept()).toEqual([]);

    const { code, stdout, stderr } = await adapt();
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/enrolled people, other photos +0\.10 % +\d+\.\d % \[/u);
    expect(stdout).toMatch(/people it learned nothing of/u);
    expect(stdout).toContain('takes effect at the next start');
    expect(await kept()).toEqual(['dlib-resnet.json']);

    const first = await startProduct(place);
    expect(first.output()).toContain('embeddings are adapted to the people of this gallery');
    // The data folder is locked by the server, and both still work.
    const undone = await adapt('--undo', '--json');
    expect(JSON.parse(undone.stdout)).toEqual({ network: 'dlib-resnet', undone: true, left: 'none' });
    expect(await kept()).toEqual([]);
    expect((await first.health()).problems).toEqual([]);
    await first.stop();
    expect(await adapt('--undo')).toMatchObject({ code: 66 });
  });

  test('with a damaged adaptation the server goes on without, and says so', async () => {
    await mkdir(join(place.data, 'adaptation'), { recursive: true });
    await writeFile(join(place.data, 'adaptation', 'dlib-resnet.json'), '{"version":1}');
    const product = await startProduct(place);
    const { problems } = await product.health();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('ADAPTATION_CORRUPT');
    await product.stop();
    expect(await readFile(join(place.data, 'adaptation', 'dlib-resnet.json'), 'utf8')).toBe('{"version":1}');
  });
});

test.each([
  ['--far', 'x'],
  ['--seed', '1.5'],
])('%s %s is wrong usage', async (...args) => {
  expect(await adapt(...args)).toMatchObject({ code: 64 });
});

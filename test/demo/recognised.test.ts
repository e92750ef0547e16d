import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../server/base/log.js';
import { findFfmpeg } from '../../server/cameras/find-ffmpeg.js';
import { writeDemoPeople } from '../../server/demo/enrolment.js';
import { demoPeople, demoStrangers } from '../../server/demo/people.js';
import type { Pose } from '../../server/demo/portrait.js';
import { castAt } from '../../server/demo/render-scene.js';
import { demoScenes, type DemoScene } from '../../server/demo/scene.js';
import { sceneFormat } from '../../server/demo/scene-format.js';
import type { Face } from '../../server/faces/face.js';
import type { Recogniser } from '../../server/faces/recogniser.js';
import { startRecogniser } from '../../server/faces/start-recogniser.js';
import { demoClip } from '../fixtures/demo-clip.js';
import { measuredEngines } from '../fixtures/measured-engines.js';
import { portraitPicture } from '../fixtures/portrait.js';

const run = promisify(execFile);
const { width, height, fps } = sceneFormat;
/** Pictures of a clip that are looked at: one in so many. */
const EVERY = 5;

let recogniser: Recogniser;
let folder: string;
/** Embeddings of the enrolled portraits, by id. */
const gallery = new Map<string, Float32Array>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-demo-recognised-'));
  recogniser = await startRecogniser({
    engine: 'auto',
    enginesFile: await measuredEngines(),
    workers: 2,
    network: 'dlib-resnet',
    modelsFolder: join(folder, 'models'),
    log: silentLog,
  });
  for (const [index, path] of (await writeDemoPeople(folder)).entries()) {
    const { data, info } = await sharp(await readFile(path))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const [faces] = await recogniser.recognise([{ width: info.width, height: info.height, pixels: data }], {
      profile: 'photo',
    });
    expect(faces, path).toHaveLength(1);
    gallery.set(demoPeople[index].id, faces[0].embedding!);
  }
}, 120_000);
afterAll(async () => {
  await recogniser.close();
  await rm(folder, { recursive: true, force: true });
});

function distance(first: Float32Array, second: Float32Array): number {
  return Math.hypot(...first.map((value, index) => value - second[index]));
}

/** The nearest enrolled person. */
function nearest(face: Face): { id: string; distance: number } {
  return [...gallery]
    .map(([id, embedding]) => ({ id, distance: distance(embedding, face.embedding!) }))
    .sort((first, second) => first.distance - second.distance)[0];
}

const poses: readonly Partial<Pose>[] = [
  {},
  { yaw: -12, size: 140 },
  { yaw: 12, size: 150, smile: 0.6 },
  { pitch: 6, size: 145 },
  { pitch: -5, smile: 0.9, size: 160 },
  { roll: 6, yaw: -5, size: 140 },
  { light: 0.8, yaw: 8, size: 150 },
];

describe('the drawn people in the real networks', () => {
  it('are each found and told apart from everybody else, in every pose', async () => {
    const table: string[] = [];
    for (const { id } of [...demoPeople, ...demoStrangers]) {
      const pictures = await Promise.all(poses.map((pose) => portraitPicture(id, pose)));
      const seen = (await recogniser.recognise(pictures)).map((faces, index) => {
        expect(faces, `${id} ${JSON.stringify(poses[index])}`).toHaveLength(1);
        return faces[0];
      });
      const apart = [...gallery].map(([other, embedding]) => {
        const distances = seen.map((face) => distance(face.embedding!, embedding));
        if (other === id) {
          expect(Math.max(...distances), id).toBeLessThan(0.4);
          return Math.max(...distances);
        }
        expect(Math.min(...distances), `${id} and ${other}`).toBeGreaterThan(0.56);
        return Math.min(...distances);
      });
      table.push(`${id.padEnd(12)}${apart.map((value) => value.toFixed(2)).join('  ')}`);
    }
    console.log(
      `enrolled in columns; the own: largest of ${poses.length} poses, others: smallest\n${' '.repeat(12)}${[...gallery.keys()].map((id) => id.slice(0, 5).padEnd(6)).join('')}\n${table.join('\n')}`,
    );
  }, 120_000);
});

/** Everything that was seen of one appearance. */
interface Seen {
  looked: number;
  found: number;
  matched: number;
  /** To their own portrait; a stranger's to whoever is nearest. */
  distances: number[];
  firstAt: number | null;
}

/** Frames of a scene's clip at which somebody stands, with the faces in them. */
async function watch(scene: DemoScene): Promise<Map<string, Seen>> {
  const clip = await demoClip(scene.id);
  const { path } = await findFfmpeg();
  const seen = new Map<string, Seen>();
  for (const way of scene.appearances) {
    const args = ['-v', 'error', '-ss', String(way.at), '-i', clip, '-t', String(way.walkIn + way.stay)];
    const { stdout } = await run(
      path,
      [
        ...args,
        '-vf',
        `select='not(mod(n,${EVERY}))'`,
        '-vsync',
        '0',
        '-pix_fmt',
        'rgb24',
        '-f',
        'rawvideo',
        '-',
      ],
      { encoding: 'buffer', maxBuffer: 1 << 30 },
    );
    const bytes = width * height * 3;
    const record: Seen = { looked: 0, found: 0, matched: 0, distances: [], firstAt: null };
    for (let index = 0; (index + 1) * bytes <= stdout.length; index++) {
      const time = way.at + (index * EVERY) / fps;
      const pixels = stdout.subarray(index * bytes, (index + 1) * bytes);
      const [faces] = await recogniser.recognise([{ width, height, pixels }]);
      const cast = castAt(scene, time);
      const here = cast.find((one) => one.way === way);
      if (!here) continue;
      const off = ({ box }: Face) => Math.abs(box.x + box.width / 2 - here.standing.x);
      const face = [...faces].sort((first, second) => off(first) - off(second)).at(0);
      const stands = time >= way.at + way.walkIn;
      if (stands) record.looked++;
      if (!face || off(face) > here.standing.size) continue;
      const match = nearest(face);
      const matched = match.distance <= recogniser.defaultThreshold;
      // Whoever is matched at all, walking too, is matched to the right person; strangers to nobody.
      if (matched) expect(match.id, `${scene.id} at ${time.toFixed(1)} s`).toBe(way.person);
      if (matched && record.firstAt === null) record.firstAt = time - way.at;
      if (!stands) continue;
      record.found++;
      if (matched) record.matched++;
      record.distances.push(distance(gallery.get(way.person) ?? gallery.get(match.id)!, face.embedding!));
    }
    seen.set(way.person, record);
  }
  return seen;
}

describe.each(demoScenes.map((scene) => ({ id: scene.id, scene })))('the clip of scene $id', ({ scene }) => {
  it('shows everybody so that they are found and matched, and strangers so that they match nobody', async () => {
    const seen = await watch(scene);
    const lines: string[] = [];
    for (const [person, { looked, found, matched, distances, firstAt }] of seen) {
      const outcome = gallery.has(person)
        ? `matched in ${matched}, first ${firstAt?.toFixed(1)} s after coming into view, at most ${Math.max(...distances).toFixed(2)}`
        : `matched to nobody, at least ${Math.min(...distances).toFixed(2)}`;
      lines.push(`${person.padEnd(12)} found in ${found} of ${looked}, ${outcome}`);
      expect(looked, person).toBeGreaterThan(8);
      expect(found / looked, person).toBeGreaterThan(0.8);
      if (!gallery.has(person)) continue;
      // A single picture may be cut badly, as a camera's may; the visit goes by all of them.
      expect(matched / looked, person).toBeGreaterThan(0.8);
      expect(firstAt, person).not.toBeNull();
      expect(firstAt!, person).toBeLessThan(4.5);
    }
    console.log(`${scene.id}\n${lines.join('\n')}`);
  }, 240_000);
});

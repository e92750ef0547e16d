/**
 * How many faces each detection profile finds and what it costs: `npx tsx test/bench/detection.ts`. Recall is counted
 * on the crowd photos in ../shared, against boxes that were checked by eye; time on drawn frames, one thread of
 * onnxruntime, is what the processor worked, which other work on the machine does not lengthen much.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { readNetwork, type NetworkName } from '../../models/catalogue.js';
import { detect, type Detectors } from '../../server/faces/detect.js';
import { detectionProfiles, type DetectionProfile } from '../../server/faces/detection-profile.js';
import { openOnnx } from '../../server/faces/engines/onnx.js';
import type { Box } from '../../server/faces/face.js';
import { ssdAnchors } from '../../server/faces/look-ssd.js';
import { detectDefaults } from '../../server/faces/start-recogniser.js';
import { overlap } from '../../server/faces/face.js';
import type { Picture } from '../../server/frames/frame.js';
import { drawnPicture } from '../faces/drawn-picture.js';

/** x, y, width, height of every face, pixels. */
const GROUPS: Record<string, readonly (readonly [number, number, number, number])[]> = {
  'bbt1.jpg': [
    [1000, 65, 97, 152],
    [212, 118, 93, 137],
    [729, 111, 96, 150],
    [478, 141, 86, 117],
  ],
  'bbt2.jpg': [
    [379, 123, 81, 94],
    [82, 128, 97, 95],
    [0, 92, 50, 64],
  ],
  'bbt3.jpg': [
    [156, 88, 46, 68],
    [366, 107, 50, 70],
    [34, 30, 57, 65],
    [489, 99, 60, 71],
    [260, 102, 41, 57],
  ],
  'bbt4.jpg': [
    [463, 176, 94, 120],
    [229, 42, 88, 118],
    [49, 258, 99, 126],
    [81, 28, 85, 112],
    [259, 233, 76, 106],
    [577, 72, 82, 99],
  ],
  'bbt5.jpg': [
    [436, 151, 81, 111],
    [220, 38, 72, 94],
    [713, 102, 88, 113],
    [573, 50, 79, 97],
    [100, 152, 97, 116],
  ],
  'kit_with_rose.jpg': [
    [258, 87, 89, 112],
    [78, 113, 74, 94],
  ],
  'obama_and_biden.jpg': [
    [755, 405, 172, 240],
    [1146, 348, 175, 255],
    [1641, 1045, 140, 175],
  ],
};
/** Medians are of this many runs. */
const ROUNDS = 9;
/** A detection is right where it and a face have this much in common, intersection over union. */
const LEAST_OVERLAP = 0.3;

const engine = await openOnnx({ threads: 1 });
const load = async (name: NetworkName) => {
  const { network, weights } = await readNetwork(name, 'nowhere');
  return { weights, runner: await engine.load(network, weights) };
};
const [ssd, tiny] = [await load('ssd-mobilenet'), await load('tiny-detector')];
const compiled = { runner: ssd.runner, anchors: ssdAnchors(ssd.weights) };
const detectors: Detectors = {
  ssd: compiled,
  careful: () => Promise.resolve(compiled),
  tiny: () => Promise.resolve(tiny.runner),
};
const look = (picture: Picture, profile: DetectionProfile) =>
  detect(detectors, picture, { ...detectDefaults, minFace: 0, profile });

const photos = await groupPhotos();
const frames = [
  await drawnPicture([{ id: 'skuli', x: 640, y: 260 }]),
  await drawnPicture([{ id: 'skuli', x: 640, y: 260 }], { width: 1920, height: 1080 }),
];
console.log('profile    faces   false   720p ms   1080p ms');
for (const profile of detectionProfiles) {
  const { hits, all, wrong } = await recall(profile);
  const times = [];
  for (const frame of frames) times.push(await time(profile, frame));
  const cells = [profile.padEnd(10), `${hits}/${all}`.padEnd(7), String(wrong).padEnd(7), ...times];
  console.log(cells.join(' '));
}
if (photos.length === 0) console.log('No ../shared/data here: faces were not counted.');
await engine.close();

async function groupPhotos(): Promise<{ picture: Picture; faces: Box[] }[]> {
  const folder = resolve(import.meta.dirname, '../../../shared/data/faces/images/groups');
  if (!existsSync(folder)) return [];
  return Promise.all(
    Object.entries(GROUPS).map(async ([file, boxes]) => {
      const raw = sharp(resolve(folder, file)).removeAlpha().raw();
      const { data, info } = await raw.toBuffer({ resolveWithObject: true });
      const faces = boxes.map(([x, y, width, height]) => ({ x, y, width, height }));
      return { picture: { width: info.width, height: info.height, pixels: data }, faces };
    }),
  );
}

async function recall(profile: DetectionProfile): Promise<{ hits: number; all: number; wrong: number }> {
  let [hits, all, wrong] = [0, 0, 0];
  for (const { picture, faces } of photos) {
    const left = new Set(await look(picture, profile));
    for (const face of faces) {
      const hit = [...left].find(({ box }) => overlap(box, face) >= LEAST_OVERLAP);
      if (hit) left.delete(hit);
      if (hit) hits += 1;
    }
    all += faces.length;
    wrong += left.size;
  }
  return { hits, all, wrong };
}

async function time(profile: DetectionProfile, frame: Picture): Promise<string> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    await look(frame, profile);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  times.sort((a, b) => a - b);
  return times[ROUNDS >> 1].toFixed(1).padEnd(9);
}

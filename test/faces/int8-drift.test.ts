import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue, readNetwork } from '../../models/catalogue.js';
import { drawnChips } from '../../server/commands/ranges/drawn-chips.js';
import { demoPeople, demoStrangers } from '../../server/demo/people.js';
import { align, dlibChip } from '../../server/faces/align.js';
import { mostDrift } from '../../server/faces/choose/choose-engine.js';
import { crop } from '../../server/faces/crop.js';
import { detect, type Detectors } from '../../server/faces/detect.js';
import type { Engine, Runner } from '../../server/faces/engine.js';
import { landmarks } from '../../server/faces/landmarks.js';
import { loadDetectors } from '../../server/faces/load-detectors.js';
import { engines } from '../../server/faces/open-engine.js';
import { detectDefaults } from '../../server/faces/start-recogniser.js';
import { overlap } from '../../server/faces/face.js';
import { apart, drawnPicture } from './drawn-picture.js';

// How far 8 bits move the embeddings of faces that the ranges were not measured on.

let floats: Engine;
let integers: Engine;
let exact: Runner;
let rounded: Runner;
beforeAll(async () => {
  [floats, integers] = await Promise.all([
    engines.onnx({ threads: 1 }),
    engines['onnx-int8']({ threads: 1 }),
  ]);
  const { network, weights, ranges } = await readNetwork('dlib-resnet', 'nowhere');
  exact = await floats.load(network, weights, ranges);
  rounded = await integers.load(network, weights, ranges);
  expect(rounded.precision).toBe('int8');
});
afterAll(() => Promise.all([floats.close(), integers.close()]));

interface Both {
  exact: Float32Array;
  rounded: Float32Array;
}

async function embedTwice(chip: Float32Array): Promise<Both> {
  return { exact: (await exact.run(chip, 1))[0], rounded: (await rounded.run(chip, 1))[0] };
}

function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = a.reduce((sum, value, i) => sum + value * b[i], 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}

it('is bounded on drawn people and poses that were not measured', async () => {
  const poses = [
    { yaw: 9, pitch: 5, size: 150, light: 0.9 },
    { roll: 7, smile: 0.6, size: 180 },
  ];
  const chips = await drawnChips(floats, dlibChip, [...demoStrangers, ...demoPeople], poses, 'nowhere');
  expect(chips.length).toBeGreaterThan(15);
  const both: Both[] = [];
  for (const chip of chips) both.push(await embedTwice(chip));
  const drift = both.map((each) => apart(each.exact, each.rounded));
  expect(quantile(drift, 0.5)).toBeGreaterThan(0);
  expect(quantile(drift, 0.5)).toBeLessThan(0.06);
  expect(Math.max(...drift)).toBeLessThan(mostDrift(catalogue['dlib-resnet'].embedding));
  expect(Math.min(...both.map((each) => cosine(each.exact, each.rounded)))).toBeGreaterThan(0.998);
}, 180_000);

const shared = resolve(import.meta.dirname, '../../../shared/data/faces');

describe.skipIf(!existsSync(shared))('on photos of real people (needs ../shared)', () => {
  it('is bounded, and leaves the distances of pairs where they were', async () => {
    const detectors = await loadDetectors(floats, 'nowhere');
    const { network, weights } = await readNetwork('landmarks68', 'nowhere');
    const marks = await floats.load(network, weights);
    const pairs = readFileSync(join(shared, 'pairs.csv'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','))
      .filter(([file]) => file.startsWith('images/fr/'));
    const faces = new Map<string, Both>();
    for (const file of new Set(pairs.flatMap(([a, b]) => [a, b]))) {
      const { data, info } = await sharp(join(shared, file))
        .rotate()
        .flatten()
        .toColourspace('srgb')
        .raw()
        .toBuffer({ resolveWithObject: true });
      const picture = { width: info.width, height: info.height, pixels: new Uint8Array(data) };
      const [{ box }] = await detect(detectors, picture, { ...detectDefaults, profile: 'photo' });
      const [points] = await landmarks(marks, [{ picture, box }]);
      const chip = new Float32Array(150 * 150 * 3);
      crop(picture, align(points, dlibChip), 150, chip, 0);
      faces.set(file, await embedTwice(chip));
    }
    const both = [...faces.values()];
    const drift = both.map((each) => apart(each.exact, each.rounded));
    expect(quantile(drift, 0.5)).toBeLessThan(0.06);
    expect(Math.max(...drift)).toBeLessThan(mostDrift(catalogue['dlib-resnet'].embedding));
    expect(
      quantile(
        both.map((each) => cosine(each.exact, each.rounded)),
        0.01,
      ),
    ).toBeGreaterThan(0.998);
    const changes = pairs.map(([a, b]) => {
      const [one, other] = [faces.get(a)!, faces.get(b)!];
      return Math.abs(apart(one.rounded, other.rounded) - apart(one.exact, other.exact));
    });
    expect(quantile(changes, 0.99)).toBeLessThan(0.035);
  }, 180_000);
});

describe('SSD in 8 bits', () => {
  it('sees the faces of a drawn frame in the same places, as surely', async () => {
    const frame = await drawnPicture(
      ['skuli', 'ada', 'noor', 'luca', 'omar'].map((id, i) => ({
        id,
        x: 140 + i * 250,
        y: 270 + (i % 2) * 60,
        pose: { size: 120 + i * 20 },
      })),
    );
    const look = async (engine: Engine) => {
      const detectors = await loadDetectors(engine, 'nowhere');
      return {
        precision: detectors.ssd.runner.precision,
        found: await detect(detectors, frame, { ...detectDefaults, profile: 'balanced' }),
      };
    };
    const before = await look(floats);
    const after = await look(integers);
    expect([before.precision, after.precision]).toEqual(['float32', 'int8']);
    expect(before.found).toHaveLength(5);
    expect(after.found).toHaveLength(5);
    for (const { box, score } of before.found) {
      const same = after.found.find((each) => overlap(each.box, box) > 0.8);
      expect(Math.abs(same!.score - score)).toBeLessThan(0.05);
    }
  }, 60_000);

  it('is left out for photos, which are embedded once and compared for ever', async () => {
    const photo = await drawnPicture([{ id: 'skuli', x: 640, y: 300, pose: { size: 200 } }]);
    const [inFloats, inIntegers] = await Promise.all(
      [floats, integers].map((engine) => loadDetectors(engine, 'nowhere')),
    );
    const look = (detectors: Detectors, profile: 'photo' | 'balanced') =>
      detect(detectors, photo, { ...detectDefaults, profile });
    const exact = await look(inFloats, 'photo');
    expect(exact).toHaveLength(1);
    expect(await look(inIntegers, 'photo')).toEqual(exact);
    expect(await look(inIntegers, 'balanced')).not.toEqual(exact);
    expect((await inIntegers.careful()).runner.precision).toBe('float32');
    // In floats there is nothing to compile twice.
    expect(await inFloats.careful()).toBe(inFloats.ssd);
  }, 60_000);
});

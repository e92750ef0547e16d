/**
 * Measures the two liveness networks on faces and on prints and screens of the same faces that it makes itself:
 * `npx tsx scripts/measure-liveness.ts [FOLDER OF PHOTOS]`. Drawn people always; photos of real people where a folder
 * is named. Figures and what they mean: docs/decisions/liveness.md.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { readNetwork } from '../models/catalogue.js';
import { demoPeople, demoStrangers } from '../server/demo/people.js';
import { HEAD_HEIGHT } from '../server/demo/drawing/traits.js';
import { drawFigure, type Pose } from '../server/demo/portrait.js';
import { detect } from '../server/faces/detect.js';
import { loadDetectors } from '../server/faces/load-detectors.js';
import { detectDefaults } from '../server/faces/start-recogniser.js';
import { openOnnx } from '../server/faces/engines/onnx.js';
import { combine, liveness, type LivenessRunners } from '../server/faces/liveness.js';
import type { Picture } from '../server/frames/frame.js';
import { attacks, photograph } from './liveness-attacks.js';

interface Scored {
  real: number;
  live: number;
}

/** Sizes of the detector's box, of which the step takes the surroundings. */
const ENLARGED = [0.8, 1, 1.3];
const THRESHOLDS = [0.3, 0.5, 0.7];
const SCORES = {
  antispoof: ({ real }: Scored) => real,
  liveness: ({ live }: Scored) => live,
  combined: ({ real, live }: Scored) => combine(real, live),
};

const engine = await openOnnx({ threads: 1 });
const load = async (name: string) => {
  const { network, weights } = await readNetwork(name, 'nowhere');
  return engine.load(network, weights);
};
const detectors = await loadDetectors(engine, 'nowhere');
const runners: LivenessRunners = { antispoof: await load('antispoof'), liveness: await load('liveness') };

await measure('drawn people', drawnPeople());
const folder = process.argv.at(2);
if (folder) await measure('photos', photos(folder));
await engine.close();

/** Scores faces as they are and in every guise, and prints how well each score tells them apart. */
async function measure(title: string, pictures: AsyncIterable<Buffer>): Promise<void> {
  const genuine: Scored[][] = ENLARGED.map(() => []);
  const shown = new Map<string, Scored[][]>();
  let missed = 0;
  for await (const picture of pictures) {
    missed += await score(await photograph(picture), genuine);
    for (const [name, attack] of Object.entries(attacks)) {
      const guise = shown.get(name) ?? ENLARGED.map((): Scored[] => []);
      shown.set(name, guise);
      missed += await score(await photograph(await attack(picture)), guise);
    }
  }
  console.log(`\n${title}: ${genuine[0].length} faces, ${missed} pictures in which none was found`);
  ENLARGED.forEach((by, i) => {
    for (const [name, guise] of shown) {
      const cells = Object.entries(SCORES).map(([score, of]) => {
        const [yes, no] = [genuine[i].map(of), guise[i].map(of)];
        return `${score} ${auc(yes, no).toFixed(3)} (${median(yes).toFixed(2)} / ${median(no).toFixed(2)})`;
      });
      console.log(`box x ${by}, ${name} (${guise[i].length}): AUC (medians) ${cells.join(', ')}`);
    }
    const all = [...shown.values()].flatMap((guise) => guise[i]);
    for (const [score, of] of Object.entries(SCORES)) {
      const rates = THRESHOLDS.map((threshold) => {
        const share = (list: readonly Scored[]) =>
          list.filter((each) => of(each) >= threshold).length / list.length;
        return `${threshold}: ${percent(share(genuine[i]))} / ${percent(share(all))}`;
      });
      console.log(`  ${score}, faces / guises that pass at ${rates.join(', ')}`);
    }
  });
}

/** Adds the scores of a picture's largest face, one list a size of crop; answers 1 where there is none. */
async function score(picture: Picture, into: Scored[][]): Promise<number> {
  const found = await detect(detectors, picture, { ...detectDefaults, profile: 'photo' });
  const largest = found.sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height).at(0);
  if (!largest) return 1;
  for (const [i, by] of ENLARGED.entries()) {
    const { x, y, width, height } = largest.box;
    const box = {
      x: x - (width * (by - 1)) / 2,
      y: y - (height * (by - 1)) / 2,
      width: width * by,
      height: height * by,
    };
    const [{ real, live }] = await liveness(runners, [{ picture, box }]);
    into[i].push({ real, live });
  }
  return 0;
}

async function* drawnPeople(): AsyncIterable<Buffer> {
  const poses: Partial<Pose>[] = [
    {},
    { yaw: 12, size: 190 },
    { yaw: -10, roll: 4, light: 0.85 },
    { size: 130, light: 1.08 },
  ];
  for (const { traits } of [...demoPeople, ...demoStrangers])
    for (const pose of poses) {
      const figure = `<g transform="translate(320 205) scale(${(pose.size ?? 160) / HEAD_HEIGHT})">${drawFigure(traits, pose)}</g>`;
      const wall =
        '<linearGradient id="wall"><stop offset="0" stop-color="#c3c9cb"/><stop offset="1" stop-color="#8e9ba1"/></linearGradient>';
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><defs>${wall}</defs><rect width="100%" height="100%" fill="url(#wall)"/>${figure}</svg>`;
      yield sharp(Buffer.from(svg)).removeAlpha().blur(0.8).png().toBuffer();
    }
}

async function* photos(folder: string): AsyncIterable<Buffer> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(jpe?g|png)$/i.test(file),
  );
  for (const file of files.sort())
    yield sharp(join(folder, file))
      .rotate()
      .resize({ width: 900, height: 900, fit: 'inside', withoutEnlargement: true })
      .toColourspace('srgb')
      .removeAlpha()
      .png()
      .toBuffer();
}

/** The chance that a face scores higher than a guise. */
function auc(yes: readonly number[], no: readonly number[]): number {
  let won = 0;
  for (const a of yes) for (const b of no) won += a > b ? 1 : a === b ? 0.5 : 0;
  return won / (yes.length * no.length);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function percent(part: number): string {
  return `${(part * 100).toFixed(0)} %`;
}

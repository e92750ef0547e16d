import sharp from 'sharp';
import { readNetwork } from '../../../models/catalogue.js';
import { HEAD_HEIGHT } from '../../demo/drawing/traits.js';
import type { DemoPerson } from '../../demo/people.js';
import { drawFigure, type Pose } from '../../demo/portrait.js';
import { align, type ChipTemplate } from '../../faces/align.js';
import { crop } from '../../faces/crop.js';
import { detect } from '../../faces/detect.js';
import type { Engine } from '../../faces/engine.js';
import { landmarks } from '../../faces/landmarks.js';
import { loadDetectors } from '../../faces/load-detectors.js';
import { detectDefaults } from '../../faces/start-recogniser.js';
import type { Picture } from '../../frames/frame.js';

const WIDTH = 640;
const HEIGHT = 480;

/**
 * Chips of drawn people as an embedding network is given them: drawn, found by the live detector, aligned by their
 * landmarks. A portrait that the detector misses is left out.
 *
 * @param engine runs the detector and the landmarks
 * @param modelsFolder `<data>/models`
 * @returns each size x size x 3 numbers, 0..255
 */
export async function drawnChips(
  engine: Engine,
  template: ChipTemplate,
  people: readonly DemoPerson[],
  poses: readonly Partial<Pose>[],
  modelsFolder: string,
): Promise<Float32Array[]> {
  const detectors = await loadDetectors(engine, modelsFolder);
  const { network, weights } = await readNetwork('landmarks68', modelsFolder);
  const marks = await engine.load(network, weights);
  const chips: Float32Array[] = [];
  for (const person of people)
    for (const pose of poses) {
      const picture = await portrait(person, pose);
      const [found] = await detect(detectors, picture, { ...detectDefaults, profile: 'photo' });
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- a picture may show no face
      if (!found) continue;
      const [points] = await landmarks(marks, [{ picture, box: found.box }]);
      const chip = new Float32Array(template.size * template.size * 3);
      crop(picture, align(points, template), template.size, chip, 0);
      chips.push(chip);
    }
  await detectors.ssd.runner.close();
  await marks.close();
  return chips;
}

/** A drawn person before a wall, a little soft, as a camera sees them. */
async function portrait({ traits }: DemoPerson, pose: Partial<Pose>): Promise<Picture> {
  const scale = (pose.size ?? 160) / HEAD_HEIGHT;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="100%" height="100%" fill="#b9c2c6"/><g transform="translate(${WIDTH / 2} ${HEIGHT * 0.42}) scale(${scale})">${drawFigure(traits, pose)}</g></svg>`;
  const pixels = await sharp(Buffer.from(svg)).removeAlpha().blur(0.6).raw().toBuffer();
  return { width: WIDTH, height: HEIGHT, pixels: new Uint8Array(pixels) };
}

import type { Picture } from '../frames/frame.js';
import type { DetectionProfile } from './detection-profile.js';
import { draw, whole } from './draw.js';
import { faceSize, type Box } from './face.js';
import type { Runner } from './engine.js';
import { lookSsd, SSD_CELL, type Ssd } from './look-ssd.js';
import { lookTiny, TINY_CELL } from './look-tiny.js';
import type { Scratch } from './scratch.js';
import { suppress, type Detection } from './suppress.js';
import { isWholeIn, tiles } from './tiles.js';

/** The networks that find faces. */
export interface Detectors {
  ssd: Ssd;
  /** SSD in floats where `ssd` is in 8 bits, else the same one. Compiled when it is first asked for: for photos only. */
  careful: () => Promise<Ssd>;
  /** Compiled when it is first asked for: fast and balanced do without. */
  tiny: () => Promise<Runner>;
  /** Where pictures are drawn for them; left out: new memory for each. */
  scratch?: Scratch;
}

/** How the detectors are set, the same for every picture. */
export interface DetectorSettings {
  /** Longer side of what `balanced` is shown, pixels; the other profiles look at multiples of it. */
  inputSize: number;
  /** Detections below this score are dropped, 0..1. */
  minScore: number;
  /** Faces smaller than this are dropped: see faceSize, pixels of the picture. */
  minFace: number;
}

export interface DetectOptions extends DetectorSettings {
  /** How hard to look. */
  profile: DetectionProfile;
}

/** One look at the whole picture: by which network, at how many times the input size. */
type Look = readonly [by: 'ssd' | 'careful' | 'tiny', times: number];

/** What each profile looks at; the figures behind it are in docs/decisions/detection.md. */
const LOOKS: Record<DetectionProfile, readonly Look[]> = {
  fast: [['ssd', 0.8]],
  balanced: [['ssd', 1]],
  accurate: [
    ['ssd', 1],
    ['ssd', 1.6],
  ],
  // The same look as a camera's, so that both see the same face in the same box, but for what 8 bits move it by.
  photo: [['careful', 1]],
};

/** Where a photo shows nothing to that: faces far away, heads that fill it, and what another network sees. */
const FURTHER_LOOKS: readonly Look[] = [
  ['careful', 1.6],
  ['careful', 0.6],
  ['careful', 3.2],
  ['tiny', 1.9],
  ['tiny', 1],
];

/** Finds the faces of a picture as hard as the profile says. Best score first. */
export async function detect(
  detectors: Detectors,
  picture: Picture,
  options: DetectOptions,
): Promise<Detection[]> {
  const { profile, minFace } = options;
  const found = await lookAll(detectors, picture, LOOKS[profile], options);
  if (profile === 'accurate') found.push(...(await lookClosely(detectors, picture, options)));
  if (profile === 'photo' && found.length === 0)
    found.push(...(await lookAll(detectors, picture, FURTHER_LOOKS, options)));
  return suppress(
    found.filter(({ box }) => faceSize(box) >= minFace),
    MAX_OVERLAP,
  );
}

async function lookAll(
  detectors: Detectors,
  picture: Picture,
  looks: readonly Look[],
  { inputSize, minScore }: DetectOptions,
): Promise<Detection[]> {
  const found: Detection[] = [];
  const longest = MOST_ENLARGED * Math.max(picture.width, picture.height);
  const sizes = new Set<string>();
  for (const [by, times] of looks) {
    const longer = Math.round(Math.min(inputSize * times, longest));
    // Two looks at a small picture may come to the same.
    if (sizes.has(`${by} ${longer}`)) continue;
    sizes.add(`${by} ${longer}`);
    found.push(...(await look(detectors, by, picture, whole(picture), longer, minScore)));
  }
  return found;
}

/** The tiny detector at the picture's own scale, tile by tile: small faces, at a price that grows with the picture. */
async function lookClosely(
  detectors: Detectors,
  picture: Picture,
  { minScore }: DetectOptions,
): Promise<Detection[]> {
  const found: Detection[] = [];
  for (const tile of tiles(picture, MOST_TILE, TILE_OVERLAP)) {
    const longer = Math.max(tile.width, tile.height);
    for (const detection of await look(detectors, 'tiny', picture, tile, longer, minScore))
      if (detection.box.width <= TILE_OVERLAP && isWholeIn(detection.box, tile, picture))
        found.push(detection);
  }
  return found;
}

async function look(
  detectors: Detectors,
  by: Look[0],
  picture: Picture,
  region: Box,
  longer: number,
  minScore: number,
): Promise<Detection[]> {
  const { ssd, careful, tiny, scratch } = detectors;
  if (by !== 'tiny')
    return lookSsd(
      by === 'ssd' ? ssd : await careful(),
      draw(picture, region, longer, SSD_CELL, scratch),
      minScore,
    );
  return lookTiny(await tiny(), draw(picture, region, longer, TINY_CELL, scratch), minScore);
}

const MAX_OVERLAP = 0.4;
/** Small pictures hold small faces, which are found when they are a little larger. */
const MOST_ENLARGED = 2;
/** Longest side of a tile, pixels: 720p takes two tiles, 1080p six. */
const MOST_TILE = 736;
/** Faces wider than this are seen in the whole picture. */
const TILE_OVERLAP = 96;

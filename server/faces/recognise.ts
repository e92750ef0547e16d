import type { Picture, YuvPicture } from '../frames/frame.js';
import type { ChipTemplate } from './align.js';
import { bringPlainly, type Bring } from './bring.js';
import { detect, type DetectorSettings, type Detectors } from './detect.js';
import { detectInRegions } from './detect-in-regions.js';
import { embed } from './embed.js';
import type { Runner } from './engine.js';
import type { Face } from './face.js';
import { embedAbove } from './followed.js';
import { landmarks, type Found } from './landmarks.js';
import { liveness, type LivenessRunners } from './liveness.js';
import { isUpright, measureQuality } from './quality.js';
import { passQualityGate, type QualityLimits } from './quality-gate.js';
import type { RecogniseOptions } from './recogniser.js';
import type { Scratch } from './scratch.js';
import { checkOutput } from './sound-output.js';
import { StageTimes } from './stage-times.js';
import type { Detection } from './suppress.js';

/** What recognition runs on: compiled networks and how to use them. */
export interface Tools {
  detectors: Detectors;
  detect: DetectorSettings;
  landmarks: Runner;
  embedder: Runner;
  template: ChipTemplate;
  quality: QualityLimits;
  /** Left out: new memory for each picture. */
  scratch?: Scratch;
  /** Lays pictures in RGB to where they are worked on; left out: new memory for each that is not in RGB. */
  bring?: Bring;
  /** Compiled when they are first asked for: only cameras that are told to look need them. */
  liveness: () => Promise<LivenessRunners>;
}

/** A face that is looked at closely, and what is to be done about it. */
type Wanted = Found & {
  /** Place of its picture in the batch. */
  index: number;
  face: Face;
  embedAbove: number;
  poor: 'embed' | 'skip';
  liveness: boolean;
  mirrored: boolean;
};

/** What is told about a batch beside its faces. */
export interface Watch {
  times?: StageTimes;
  refuse?: (index: number, thrown: unknown) => void;
}

/**
 * Pictures in, faces out: finds the faces of each picture, then the landmarks, quality and embeddings of those that
 * need them, all pictures together. One entry a picture, in order, largest face first.
 *
 * @param options one entry a picture
 * @param watch `times` is filled with where the time went. `refuse` is told of a picture that the networks cannot cope with, by
 *   its place; it has no faces then, and the others are none the worse. Left out: rejects with what it was
 */
export async function recognise(
  tools: Tools,
  given: readonly (Picture | YuvPicture)[],
  options: readonly RecogniseOptions[],
  { times = new StageTimes(given.length, () => performance.now()), refuse = rethrow }: Watch = {},
): Promise<Face[][]> {
  const { bring = bringPlainly() } = tools;
  const pictures = bring(given);
  const faces = pictures.map((): Face[] => []);
  const refused = new Set<number>();
  const giveUp = (index: number, thrown: unknown): void => {
    if (!refused.has(index)) refuse(index, thrown);
    refused.add(index);
  };
  /** Whether an answer holds numbers only; where it does not, its picture is given up. */
  const isSound = (index: number, output: Float32Array, name: string): boolean => {
    try {
      checkOutput(output, name);
      return true;
    } catch (thrown) {
      giveUp(index, thrown);
      return false;
    }
  };
  const wanted: Wanted[] = [];
  for (const [index, picture] of pictures.entries()) {
    const { followed = [], poor = 'embed', liveness: asked = false, profile } = options[index];
    // A photo is embedded once and compared for ever.
    const mirrored = profile === 'photo';
    const detections = await times
      .time('detect', [index], () => find(tools, picture, options[index]))
      .catch((thrown: unknown) => {
        giveUp(index, thrown);
        return [];
      });
    const least = embedAbove(detections, followed);
    detections.forEach(({ box, score }, i) => {
      const face: Face = { box, score, landmarks: null, quality: null, embedding: null, liveness: null };
      faces[index].push(face);
      if (least[i] === Infinity) return;
      wanted.push({ index, picture, box, face, embedAbove: least[i], poor, liveness: asked, mirrored });
    });
  }

  const points = await times.time('landmarks', indexes(wanted), () =>
    landmarks(tools.landmarks, wanted, tools.scratch),
  );
  /** What the detector took for a face and is none. */
  const none = new Set<Face>();
  const good = await times.time('quality', indexes(wanted), () =>
    wanted.flatMap(({ index, picture, face, ...one }, i) => {
      if (!isSound(index, points[i], 'landmark')) return [];
      const measures = measureQuality(picture, { ...face, landmarks: points[i] }, tools.scratch);
      face.landmarks = points[i];
      // A live frame comes again in a moment; of a photo that is all there is, a person decides.
      if (one.poor === 'skip' && !isUpright(measures)) {
        none.add(face);
        return [];
      }
      face.quality = passQualityGate(measures, tools.quality);
      const isGoodEnough = one.poor === 'embed' || face.quality.problems.length === 0;
      return isGoodEnough && face.quality.overall >= one.embedAbove
        ? [{ index, picture, face, landmarks: points[i], liveness: one.liveness, mirrored: one.mirrored }]
        : [];
    }),
  );
  const embeddings = await times.time('embed', indexes(good), () =>
    embed(tools.embedder, tools.template, good, tools.scratch),
  );
  good.forEach(({ index, face }, i) => {
    if (isSound(index, embeddings[i], 'embedding')) face.embedding = embeddings[i];
  });

  const doubted = good.filter(({ liveness: asked }) => asked);
  if (doubted.length > 0) {
    const found = doubted.map(({ picture, face }) => ({ picture, box: face.box }));
    const scores = await times.time('liveness', indexes(doubted), async () =>
      liveness(await tools.liveness(), found),
    );
    doubted.forEach(({ face }, i) => (face.liveness = scores[i]));
  }

  return faces.map((ofPicture, index) =>
    ofPicture
      .filter((face) => !refused.has(index) && !none.has(face))
      .sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height),
  );
}

function indexes(pieces: readonly { index: number }[]): number[] {
  return pieces.map(({ index }) => index);
}

function rethrow(_: number, thrown: unknown): never {
  throw thrown;
}

async function find(
  tools: Tools,
  picture: Picture,
  { profile = 'balanced', regions = null }: RecogniseOptions,
): Promise<Detection[]> {
  // Of a photo every face comes back, so that one that is too small can be told from none.
  const settings = profile === 'photo' ? { ...tools.detect, minFace: 0 } : tools.detect;
  const look = (part: Picture, inputSize: number): Promise<Detection[]> =>
    detect(tools.detectors, part, { ...settings, inputSize, profile });
  return regions === null
    ? look(picture, tools.detect.inputSize)
    : detectInRegions(look, picture, regions, tools.detect.inputSize);
}

import { GatehouseError } from '../server/base/errors.js';
import { antispoof } from './antispoof.js';
import type { CatalogueEntry, Embedding } from './catalogue-entry.js';
import { dlibResnet } from './dlib-resnet.js';
import { listDroppedIn, readDroppedIn } from './dropped-in.js';
import { facenetNn4 } from './facenet-nn4.js';
import { landmarks68 } from './landmarks68.js';
import { liveness } from './liveness.js';
import type { Network } from './network.js';
import type { Ranges } from './ranges/ranges.js';
import { readRanges } from './ranges/read-ranges.js';
import { ssdMobilenet } from './ssd-mobilenet.js';
import { tinyDetector } from './tiny-detector.js';
import { readWeights, type Weights, type WeightsSource } from './weights.js';

export type { CatalogueEntry, Embedding };

/**
 * The largest distance at which two faces count as one person, by network. docs/decisions/thresholds.md says why;
 * never carry one from one network to another.
 */
const THRESHOLDS = { 'dlib-resnet': 0.54, 'facenet-nn4': 0.52 };

const packaged = (file: string, manifest: string, binary: string, licence: string): WeightsSource => ({
  kind: 'package',
  package: '@vladmandic/face-api',
  manifest: `model/${file}-weights_manifest.json`,
  binary: `model/${file}.bin`,
  sha256: { manifest, binary },
  licence,
});
const ofHuman = (file: string, manifest: string, binary: string): WeightsSource => ({
  kind: 'package',
  package: '@vladmandic/human',
  manifest: `models/${file}.json`,
  binary: `models/${file}.bin`,
  sha256: { manifest, binary },
  licence: 'MIT',
});
const openface: WeightsSource = {
  kind: 'imported',
  folder: 'facenet-nn4',
  licence: 'Apache-2.0',
  how: 'Import them: gatehouse models import openface DIR, where DIR holds the 224 CSV files of nn4.small2.',
};

/** Both pools make embeddings of one kind. */
const nn4Embedding = {
  length: 128,
  defaultThreshold: THRESHOLDS['facenet-nn4'],
  alignment: 'openface',
  size: 96,
} as const;

export const catalogue = {
  'tiny-detector': {
    name: 'tiny-detector',
    purpose: 'finds small faces, and what the other detector misses in photos',
    input: 'any multiple of 32',
    embedding: null,
    weights: packaged(
      'tiny_face_detector_model',
      '5d1af4849ac48d5b985f4a9b16010c512353ddd6fcc63d50fd0bc9e9e64296e5',
      'b7503ce7df31039b1c43316a9b865cab6a70dd748cc602d3fa28b551503c3871',
      'MIT',
    ),
    describe: tinyDetector,
  },
  'ssd-mobilenet': {
    name: 'ssd-mobilenet',
    purpose: 'finds faces',
    input: 'any multiple of 32',
    embedding: null,
    weights: packaged(
      'ssd_mobilenetv1_model',
      '888f744dffbc84f5f060d1f8427d9742341943a2dfaaf9205d10029b7e7a2955',
      '2835640602d53718aa6ae9a42896327eaa21beefed056c218d32ca7d79e1e2f8',
      'MIT',
    ),
    describe: ssdMobilenet,
  },
  landmarks68: {
    name: 'landmarks68',
    purpose: '68 landmarks, to align faces by',
    input: '112x112',
    embedding: null,
    weights: packaged(
      'face_landmark_68_model',
      'ca4886639f86e99b39fed0c155f81b63317225773bd9616716e887b0153389c9',
      '4611ef65c87d836d03d684b30eec4d195d8b219fa1dd58fc58945831c6b9299b',
      'MIT',
    ),
    describe: landmarks68,
  },
  'dlib-resnet': {
    name: 'dlib-resnet',
    purpose: 'embeds aligned faces',
    input: '150x150',
    embedding: {
      length: 128,
      defaultThreshold: THRESHOLDS['dlib-resnet'],
      alignment: 'dlib',
      size: 150,
    },
    weights: packaged(
      'face_recognition_model',
      'cbaffa501b0b9275a12b63357a6843e7e30c054e1c9151e1a5f879b26e32986b',
      'b413e420d6840b2775fba32008db6f3cddb07d485967fb42cfcf379c16a8c589',
      'CC0-1.0 (dlib models), packaged under MIT',
    ),
    describe: dlibResnet,
  },
  'facenet-nn4': {
    name: 'facenet-nn4',
    purpose: 'embeds aligned faces; FaceNet nn4.small2 of OpenFace',
    input: '96x96',
    embedding: nn4Embedding,
    weights: openface,
    describe: () => facenetNn4('l2'),
  },
  'facenet-nn4-average': {
    name: 'facenet-nn4-average',
    purpose: 'the same with the average pools of its Keras port',
    input: '96x96',
    embedding: nn4Embedding,
    weights: openface,
    describe: () => facenetNn4('average'),
  },
  antispoof: {
    name: 'antispoof',
    purpose: 'tells faces from pictures of faces',
    input: '128x128',
    embedding: null,
    weights: ofHuman(
      'antispoof',
      '7fd698ae1cebabbcad79d3b8b448587b0365eb7911987418231bdcf36583112a',
      '4490fecb2becdb6869edc7e60f5e59962be013a8def8719b1373afb0f905c094',
    ),
    describe: antispoof,
  },
  liveness: {
    name: 'liveness',
    purpose: 'tells live faces from replayed ones',
    input: '32x32',
    embedding: null,
    weights: ofHuman(
      'liveness',
      '9e51c8acf83b80abbf329b2735309ab5c90611c66905ade8b1bd130d473df9c8',
      'fc6a6b6b3b9721bdb8bff67a457a15b7cbfd81715cfb27f3e65b757e81dd663e',
    ),
    describe: liveness,
  },
} as const satisfies Record<string, CatalogueEntry>;

export type NetworkName = keyof typeof catalogue;

/** Every network there is, those that were imported last. */
export async function listNetworks(modelsFolder: string): Promise<CatalogueEntry[]> {
  return [...Object.values(catalogue), ...(await listDroppedIn(modelsFolder))];
}

/** What there is of that name; rejects with MODEL_UNKNOWN, naming those there are. */
export async function findNetwork(name: string, modelsFolder: string): Promise<CatalogueEntry> {
  const found = isBuiltIn(name) ? catalogue[name] : await readDroppedIn(name, modelsFolder);
  if (found) return found;
  const names = (await listNetworks(modelsFolder)).map((entry) => entry.name);
  throw unknown(`There is no network "${name}"; there are ${names.join(', ')}.`);
}

/** The network of that name that makes embeddings; rejects with MODEL_UNKNOWN, naming those there are. */
export async function findEmbedder(
  name: string,
  modelsFolder: string,
): Promise<CatalogueEntry & { readonly embedding: Embedding }> {
  const entry = isBuiltIn(name) ? catalogue[name] : await readDroppedIn(name, modelsFolder);
  if (entry?.embedding) return { ...entry, embedding: entry.embedding };
  // One whose files are spoilt says what is wrong with them.
  if (entry && !isBuiltIn(name)) entry.describe();
  const names = (await listNetworks(modelsFolder)).filter((each) => each.embedding).map((each) => each.name);
  throw unknown(`There is no network "${name}" that makes embeddings; there are ${names.join(', ')}.`);
}

/** A network with its weights, and its ranges where there are any; rejects as `findNetwork` and `readWeights` do. */
export async function readNetwork(
  name: string,
  modelsFolder: string,
): Promise<{ network: Network; weights: Weights; ranges: Ranges | null }> {
  const entry = await findNetwork(name, modelsFolder);
  const network = entry.describe();
  const [weights, ranges] = await Promise.all([
    readWeights(network, entry.weights, modelsFolder),
    readRanges(name, entry.weights, modelsFolder),
  ]);
  return { network, weights, ranges };
}

export function isBuiltIn(name: string): name is NetworkName {
  return Object.hasOwn(catalogue, name);
}

function unknown(message: string): GatehouseError {
  return new GatehouseError(
    'MODEL_UNKNOWN',
    message,
    '`gatehouse models` lists them; docs/models.md says how to import one.',
  );
}

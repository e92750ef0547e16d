import { dlibResnet } from './dlib-resnet.js';
import { facenetNn4, type Nn4Pool } from './facenet-nn4.js';
import { landmarks68 } from './landmarks68.js';
import type { Network } from './network.js';
import { ssdMobilenet } from './ssd-mobilenet.js';
import { tinyDetector } from './tiny-detector.js';
import { readWeights, type Weights, type WeightsSource } from './weights.js';

/** Networks that make embeddings; distances of two of them never compare. */
export const embeddingNetworks = ['dlib-resnet', 'facenet-nn4'] as const;
export type EmbeddingNetwork = (typeof embeddingNetworks)[number];

export interface CatalogueEntry {
  readonly name: string;
  readonly purpose: string;
  /** In words, for example `150x150`. */
  readonly input: string;
  /** null: not a network that makes embeddings. */
  readonly embedding: { readonly length: number; readonly defaultThreshold: number } | null;
  readonly weights: WeightsSource;
  describe(): Network;
}

/**
 * The largest distance at which two faces count as one person, by network. docs/decisions/thresholds.md says why;
 * never carry one from one network to another.
 */
const THRESHOLDS: Record<EmbeddingNetwork, number> = { 'dlib-resnet': 0.54, 'facenet-nn4': 0.52 };

const packaged = (file: string, manifest: string, binary: string, licence: string): WeightsSource => ({
  kind: 'package',
  package: '@vladmandic/face-api',
  manifest: `model/${file}-weights_manifest.json`,
  binary: `model/${file}.bin`,
  sha256: { manifest, binary },
  licence,
});

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
    embedding: { length: 128, defaultThreshold: THRESHOLDS['dlib-resnet'] },
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
    embedding: { length: 128, defaultThreshold: THRESHOLDS['facenet-nn4'] },
    weights: {
      kind: 'imported',
      folder: 'facenet-nn4',
      licence: 'Apache-2.0',
      how: 'Import them: gatehouse models import openface DIR, where DIR holds the 224 CSV files of nn4.small2.',
    },
    describe: facenetNn4,
  },
} as const satisfies Record<string, CatalogueEntry>;

export type NetworkName = keyof typeof catalogue;

/** A network of the catalogue with its weights; rejects as `readWeights` does. */
export async function readNetwork(
  name: NetworkName,
  modelsFolder: string,
  pool?: Nn4Pool,
): Promise<{ network: Network; weights: Weights }> {
  const network = name === 'facenet-nn4' ? facenetNn4(pool) : catalogue[name].describe();
  return { network, weights: await readWeights(network, catalogue[name].weights, modelsFolder) };
}

import { z } from 'zod';
import type { Network } from './network.js';

/** Where landmarks belong in the chip that a network takes, by the name of who trained on it, or the face's surroundings. */
export type Alignment = 'dlib' | 'openface' | 'arcface' | { readonly margin: number };

export const modelName = /^[a-z0-9][a-z0-9-]{0,62}$/;

const colours = z.union([z.number(), z.tuple([z.number(), z.number(), z.number()])]);

/** What has to be known of a network beside its file: `gatehouse.json`, docs/models.md. */
export const modelManifest = z.strictObject({
  $schema: z.string().optional().describe('For editors'),
  name: z
    .string()
    .regex(modelName, 'lower-case letters, digits and dashes, for example "my-facenet"')
    .describe('Names it in the configuration'),
  purpose: z.literal('embedding').default('embedding').describe('What it is for'),
  input: z.strictObject({
    size: z.int().min(16).max(640).describe('Side of the square picture it takes, pixels'),
    channels: z.enum(['RGB', 'BGR']).default('RGB').describe('Order of the colours'),
    normalisation: z
      .union([
        z.literal('per-picture'),
        z.strictObject({
          mean: colours
            .default(0)
            .describe('Taken from each value, 0..255; one number, or one each for R, G and B'),
          factor: colours.default(1).describe('By which it is then multiplied'),
        }),
      ])
      .describe('What it wants done to the values'),
  }),
  output: z.string().min(1).optional().describe('Node or layer to take where it has several outputs'),
  embedding: z.strictObject({
    length: z.int().min(2).max(8192).describe('How many numbers it gives'),
    threshold: z
      .number()
      .positive()
      .max(1000)
      .describe('Largest Euclidean distance that counts as one person'),
    normalise: z.boolean().default(true).describe('Whether to divide each embedding by its length first'),
  }),
  alignment: z
    .union([
      z.enum(['dlib', 'openface', 'arcface']),
      z.strictObject({
        margin: z.number().min(-0.3).max(2).describe('In parts of the square around the face'),
      }),
    ])
    .describe('How its training pictures were cut'),
  licence: z.string().min(1).max(200).describe('Of its weights'),
  source: z.string().min(1).max(500).optional().describe('Where it came from'),
});

export type ModelManifest = z.infer<typeof modelManifest>;

/** What is kept of a network that was made elsewhere. */
export interface DroppedIn {
  readonly manifest: ModelManifest;
  /** The network without its weights' shapes, which stand in `tensors`. */
  readonly network: Omit<Network, 'weights'>;
  /** Of `network` as JSON. */
  readonly sha256: string;
}

import { z } from 'zod';

const detector = z.strictObject({
  inputSize: z
    .int()
    .multipleOf(32)
    .min(160)
    .max(1280)
    .default(320)
    .describe(
      'Longer side of the picture that balanced detection looks at, the other profiles in proportion: larger finds smaller faces and costs more',
    ),
  minScore: z.number().min(0.05).max(0.99).default(0.45).describe('Detections below this score are ignored'),
  minFace: z.int().min(16).max(500).default(36).describe('Faces smaller than this are ignored, pixels'),
});

const quality = z.strictObject({
  minSize: z
    .int()
    .min(16)
    .max(500)
    .default(36)
    .describe('Size of the face (geometric mean of its width and height), pixels'),
  minSharpness: z.number().min(0).max(1).default(0.3).describe('0 blurred to 1 sharp'),
  maxYaw: z.number().min(0).max(90).default(50).describe('Turned to a side, degrees'),
  maxPitch: z.number().min(0).max(90).default(40).describe('Raised or lowered, degrees'),
  maxRoll: z.number().min(0).max(180).default(45).describe('Leaning, degrees'),
  minBrightness: z.number().min(0).max(255).default(35).describe('Mean grey of the face, 0 to 255'),
  maxBrightness: z.number().min(0).max(255).default(225).describe('Mean grey of the face, 0 to 255'),
  minContrast: z.number().min(0).max(127).default(12).describe("Standard deviation of the face's grey"),
  maxCut: z.number().min(0).max(1).default(0.25).describe('Part of the face outside of the picture, 0 to 1'),
});

/** What recognises, and how well a face has to be seen. */
export const recognition = z.strictObject({
  engine: z
    .enum(['auto', 'onnx-int8', 'onnx', 'tfjs-node', 'wasm'])
    .default('auto')
    .describe('What runs the networks; auto measures which is fastest here'),
  network: z
    .string()
    .min(1)
    .default('dlib-resnet')
    .describe(
      'Network that makes the embeddings: dlib-resnet, facenet-nn4, facenet-nn4-average (needs imported weights) or an imported one',
    ),
  gallery: z
    .enum(['auto', 'exact', 'approximate'])
    .default('auto')
    .describe(
      'How people are searched; auto: exactly up to 250,000 photos, beyond by an inverted file that may miss one',
    ),
  workers: z
    .union([z.literal('auto'), z.int().min(1).max(64)])
    .default('auto')
    .describe('Threads that recognise, one processor each; auto: one a processor, half of more than eight'),
  batch: z
    .strictObject({
      count: z.int().min(1).max(32).default(2).describe('Frames of different cameras in one batch at most'),
      deadlineMs: z
        .number()
        .min(0)
        .max(1000)
        .default(15)
        .describe('Longest that a frame waits for others, milliseconds'),
    })
    .prefault({}),
  detector: detector.prefault({}),
  quality: quality
    .prefault({})
    .describe('What a face has to be to be recognised, in photos and in live frames alike'),
});

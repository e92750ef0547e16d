import { z } from 'zod';
import { hardwareWishes } from '../../cameras/hardware/accelerator.js';
import { cameraProfiles } from '../../faces/detection-profile.js';
import { livenessPolicies } from '../../faces/liveness-policy.js';

// Values that several keys take.

export const seconds = (what: string) => z.number().nonnegative().max(86_400).describe(`${what}, seconds`);

export const threshold = z
  .number()
  .positive()
  .max(2)
  .describe(
    'Largest distance between two embeddings that still counts as the same person. Left out: that of the network',
  );

export const liveness = z
  .enum(livenessPolicies)
  .describe(
    'Whether faces are held against prints and screens. warn: the event tells the score; require: one that looks like a picture is nobody. docs/decisions/liveness.md says how far that goes',
  );

export const size = z.strictObject({
  width: z.int().min(160).max(3840).multipleOf(2).default(1280).describe('Pixels, an even number'),
  height: z.int().min(90).max(2160).multipleOf(2).default(720).describe('Pixels, an even number'),
});

export const fps = z.number().min(0.2).max(30).describe('Frames a second that are handed to recognition');

export const detection = z
  .enum(cameraProfiles)
  .describe(
    'How hard to look for faces. fast: many cameras on a small machine; balanced; accurate: small faces and crowds, at several times the cost',
  );

export const hardware = z
  .enum(hardwareWishes)
  .describe(
    'What decodes the video. auto: the first accelerator that works on this machine, else software. `gatehouse doctor` tells which',
  );

import { z } from 'zod';
import { seconds } from './values.js';

/** When frames become a visit, and when it ends. */
export const visits = z.strictObject({
  agreeingFrames: z.int().min(1).max(30).default(3).describe('Frames that must name the same person'),
  unknownFrames: z
    .int()
    .min(1)
    .max(120)
    .default(8)
    .describe('Frames after which a face that matches nobody is unknown'),
  unknownSeconds: seconds('Time after which a face that matches nobody is unknown').default(1.5),
  graceSeconds: seconds('A person out of sight for this long has left').default(4),
  recheckSeconds: seconds('A person who was recognised is compared again after this').default(3),
});

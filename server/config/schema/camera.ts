import { z } from 'zod';
import { greeting } from './greeting.js';
import { source } from './source.js';
import { areas, attention } from './watch.js';
import { detection, fps, hardware, liveness, size, threshold } from './values.js';

/** One camera, as it is written: what it leaves out comes from the defaults. */
export const camera = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'lower-case letters, digits and dashes, for example "front-door"')
    .describe('Names the camera in events and addresses'),
  name: z.string().min(1).max(80).optional().describe('As shown and spoken; left out: the id'),
  enabled: z.boolean().default(true).describe('false switches the camera off'),
  source,
  fps: fps.optional(),
  size: size.optional(),
  threshold: threshold.optional(),
  detection: detection.optional(),
  liveness: liveness.optional(),
  hardware: hardware.optional(),
  greeting: greeting.optional(),
  attention: attention.optional(),
  ...areas,
});

import { z } from 'zod';
import { camera } from './camera.js';
import { greeting } from './greeting.js';
import { recognition } from './recognition.js';
import { detection, fps, hardware, liveness, size, threshold } from './values.js';
import { attention } from './watch.js';
import { visits } from './visits.js';

/**
 * The whole configuration: schema, defaults and types, one place a key. `streams.config.json` is parsed
 * with it (read-config.ts) and docs/streams.config.schema.json is written from it, so that editors
 * complete keys and show these descriptions. The keys of a section stand beside this file.
 */
export const configSchema = z.strictObject({
  $schema: z.string().optional().describe('For editors'),
  server: z
    .strictObject({
      host: z
        .string()
        .min(1)
        .default('127.0.0.1')
        .describe('Address to listen on; any but loopback needs GATEHOUSE_TOKEN'),
      port: z.int().min(0).max(65_535).default(8080).describe('Port; 0 takes a free one'),
    })
    .prefault({}),
  people: z
    .string()
    .min(1)
    .default('people')
    .describe('Folder of photos: skuli.jpg, or skuli/*.jpg; relative to this file'),
  recognition: recognition.prefault({}),
  visits: visits.prefault({}),
  journal: z
    .strictObject({
      keepDays: z
        .number()
        .positive()
        .max(3650)
        .default(30)
        .describe('Events and snapshots are kept for this long'),
      maxMegabytes: z
        .number()
        .positive()
        .max(1_000_000)
        .default(512)
        .describe('Space for events; the oldest go first'),
    })
    .prefault({}),
  defaults: z
    .strictObject({
      fps: fps.default(8),
      size: size.prefault({}),
      threshold: threshold.optional(),
      detection: detection.default('balanced'),
      liveness: liveness.default('off'),
      attention: attention.default({}),
      hardware: hardware.default('off'),
      greeting: greeting.default({}),
    })
    .prefault({})
    .describe('For every camera that does not say otherwise'),
  cameras: z.array(camera).min(1, 'at least one camera').describe('The cameras'),
});

export type Config = z.infer<typeof configSchema>;

/** What recognition runs with where nothing else is said. */
export function recognitionDefaults(): Config['recognition'] {
  return recognition.parse({});
}

import { z } from 'zod';
import { seconds } from './values.js';

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of day as "22:00"')
  .describe('Local time of day, "HH:MM"');

/** How people are greeted. */
export const greeting = z.union([
  z.literal(false).describe('No greeting'),
  z.strictObject({
    phrase: z
      .string()
      .min(1)
      .max(300)
      .optional()
      .describe('What is said; {names} becomes "Ada, Bo and Cy", {camera} the camera\'s name'),
    clip: z
      .string()
      .min(1)
      .optional()
      .describe('Sound file to play instead of speech; relative to this file'),
    language: z
      .string()
      .min(2)
      .optional()
      .describe('BCP 47 tag of the phrase, for example "en-GB", "de", "is"'),
    voice: z.string().min(1).optional().describe('Name of a voice; left out: any voice of the language'),
    volume: z.number().min(0).max(1).optional().describe('0 silent to 1 full'),
    cooldownSeconds: seconds('A person is greeted at most once in this time at this camera').optional(),
    gatherSeconds: seconds('People recognised within this time are greeted in one sentence').optional(),
    quietHours: z
      .union([z.literal(false), z.strictObject({ from: timeOfDay, to: timeOfDay })])
      .optional()
      .describe('No greetings between these times, across midnight if need be'),
  }),
]);

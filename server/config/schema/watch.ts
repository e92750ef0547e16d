import { z } from 'zod';
import { areaOf } from '../../frames/polygon.js';

// Where a camera looks, and how attentively.

const share = z.number().min(0).max(1);

/** Smaller ones are a slip of the pen: part of the frame, about 30 x 30 pixels of 1280 x 720. */
const LEAST_AREA = 0.001;

const polygon = z
  .array(z.tuple([share, share]))
  .min(3, 'a polygon has at least 3 corners')
  .max(100, 'a polygon has at most 100 corners')
  .refine((corners) => areaOf(corners) >= LEAST_AREA, {
    error: `the corners enclose less than ${LEAST_AREA} of the picture; list them in order, as one walks along the edge`,
  })
  .describe('Corners in order, each [x, y] from [0, 0] (upper left) to [1, 1]');

export const areas = {
  masks: z
    .array(polygon)
    .default([])
    .describe(
      'Where motion is not counted (a tree, a street, a clock in the picture): polygons, each a list of corners [x, y] from [0, 0] (upper left) to [1, 1]. Faces there still count',
    ),
  zones: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(80).describe('Stands in the events of whoever is there'),
        area: polygon,
      }),
    )
    .default([])
    .refine((zones) => new Set(zones.map(({ name }) => name)).size === zones.length, {
      error: 'two zones have one name',
    })
    .describe('Where there are any, only faces whose centre lies in one of them count'),
  ignoreFaces: z
    .array(polygon)
    .default([])
    .describe(
      'Where faces do not count (a poster, a screen): polygons as in masks; the centre of the face decides',
    ),
};

export const attention = z.strictObject({
  mode: z
    .enum(['auto', 'off'])
    .optional()
    .describe(
      'auto: while nothing moves and nobody is followed, only the key pictures of an RTSP camera are decoded, which costs a fraction; off: always every wished frame. docs/decisions/attention.md. Default "auto"',
    ),
  quietSeconds: z
    .number()
    .min(1)
    .max(3600)
    .optional()
    .describe('Without motion or anybody followed for so long a camera is quiet, seconds. Default 4'),
});

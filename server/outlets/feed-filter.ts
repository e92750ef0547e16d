import { z } from 'zod';
import type { GatehouseEvent } from '../events/event.js';

export type FeedFilter = (event: GatehouseEvent) => boolean;

/** What a client asked for; left out: all. */
export interface FeedWish {
  types?: readonly string[];
  cameras?: readonly string[];
}

const message = z.strictObject({
  type: z.literal('filter'),
  /** Event types that are wanted; left out: all. */
  types: z.array(z.string().max(64)).max(64).optional(),
  /** Cameras that are wanted; left out: all. Events of no camera are always sent. */
  cameras: z.array(z.string().max(64)).max(1024).optional(),
});

/** A client's message as a filter of events; null where it is not one. */
export function readFilter(text: string): { passes: FeedFilter; wants: FeedWish } | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = message.safeParse(value);
  if (!parsed.success) return null;
  const { types, cameras } = parsed.data;
  const passes: FeedFilter = (event) =>
    (types === undefined || types.includes(event.type)) &&
    (cameras === undefined || event.camera === null || cameras.includes(event.camera));
  return { passes, wants: { types, cameras } };
}

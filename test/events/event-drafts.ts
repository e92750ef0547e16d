import type { CameraStateEvent, Draft, GatehouseEvent } from '../../server/events/event.js';

/** The `n`-th thing that happened. */
export function draft(n: number, reason: string | null = `reason ${n}`): Draft<CameraStateEvent> {
  return {
    type: 'camera.state',
    at: '2030-01-01T12:00:00.000Z',
    camera: `camera-${n}`,
    state: 'live',
    reason,
    code: null,
  };
}

export async function all(events: AsyncIterable<GatehouseEvent>): Promise<GatehouseEvent[]> {
  const found: GatehouseEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
}

export const seqs = (events: readonly { seq: number }[]) => events.map(({ seq }) => seq);

/** `from` to `to`, both in it. */
export const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

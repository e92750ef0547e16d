import { describe, expect, test } from 'vitest';
import type { VisitEvent } from '../../server/events/event.js';
import { endUnfinished } from '../../server/visits/unfinished.js';

const START = Date.UTC(2030, 0, 1);

function event(seq: number, type: VisitEvent['type'], visit: string, seconds: number): VisitEvent {
  return {
    id: `event-${seq}`,
    seq,
    type,
    at: new Date(START + seconds * 1000).toISOString(),
    camera: 'door',
    visit,
    person: type === 'visit.recognised' ? { id: 'skuli', name: 'Skuli' } : null,
    distance: 0.2,
    threshold: 0.5,
    candidates: [],
    margin: null,
    box: { x: 0, y: 0, width: 1, height: 1 },
    frame: { width: 2, height: 2 },
    score: 0.9,
    quality: null,
    liveness: null,
    latencyMs: 40,
    snapshot: null,
    ...(type === 'visit.ended' ? { startedAt: '', durationMs: 0 } : {}),
  } as VisitEvent;
}

describe('visits that a killed server never saw end', () => {
  test('are ended as who they were, when they were last known to be there', () => {
    const ends = endUnfinished(
      [event(1, 'visit.started', 'a', 0), event(2, 'visit.recognised', 'a', 3)],
      START + 60_000,
    );
    expect(ends).toHaveLength(1);
    expect(ends[0]).toMatchObject({
      type: 'visit.ended',
      visit: 'a',
      person: { id: 'skuli' },
      at: new Date(START + 60_000).toISOString(),
      startedAt: new Date(START).toISOString(),
      durationMs: 3_000,
    });
    expect(ends[0]).not.toHaveProperty('seq');
  });

  test('are the only ones: what has ended, or began too long ago to be known, is left alone', () => {
    const events = [
      event(5, 'visit.unknown', 'before', 0),
      event(6, 'visit.started', 'a', 1),
      event(7, 'visit.ended', 'a', 2),
      event(8, 'visit.started', 'b', 3),
    ];
    expect(endUnfinished(events, START).map((end) => end.visit)).toEqual(['b']);
  });
});

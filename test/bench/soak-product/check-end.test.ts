import { expect, it } from 'vitest';
import type { GatehouseEvent } from '../../../server/events/event.js';
import { checkEvents } from './check-end.js';

const event = (seq: number, type: string, more = {}) =>
  ({ id: `id-${seq}`, seq, type, ...more }) as unknown as GatehouseEvent;

const visit = [
  event(1, 'visit.started', { visit: 'a' }),
  event(2, 'visit.recognised', { visit: 'a' }),
  event(3, 'visit.ended', { visit: 'a' }),
];

it('finds nothing wrong with whole visits in a row', () => {
  expect(checkEvents([...visit, event(4, 'greeting')])).toEqual([]);
});

it('names a lost event, a repeated one, and a visit that never ended', () => {
  expect(checkEvents([visit[0], visit[2]])).toEqual(['event 3 is the 2th']);
  expect(checkEvents([...visit, visit[2]])).toContain('event id-3 came twice');
  expect(checkEvents(visit.slice(0, 2))).toEqual(['visit a went: visit.started, visit.recognised']);
});

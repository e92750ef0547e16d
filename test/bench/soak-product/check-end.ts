import type { GatehouseEvent } from '../../../server/events/event.js';

/** What is wrong with everything that a client was told from the first event to the server's end; in words. Pure. */
export function checkEvents(events: readonly GatehouseEvent[]): string[] {
  const wrong: string[] = [];
  const ids = new Set<string>();
  const visits = new Map<string, string[]>();
  events.forEach((event, index) => {
    if (event.seq !== index + 1) wrong.push(`event ${event.seq} is the ${index + 1}th`);
    if (ids.has(event.id)) wrong.push(`event ${event.id} came twice`);
    ids.add(event.id);
    if ('visit' in event) visits.set(event.visit, [...(visits.get(event.visit) ?? []), event.type]);
  });
  for (const [visit, types] of visits) {
    if (!/^visit\.started( visit\.(recognised|unknown))? visit\.ended$/.test(types.join(' ')))
      wrong.push(`visit ${visit} went: ${types.join(', ')}`);
  }
  return wrong;
}

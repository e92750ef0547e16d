import type { Comparisons } from './compare-gallery.js';

/** A photo of the gallery that costs accuracy, and why. */
export interface HurtfulPhoto {
  photo: string;
  person: { id: string; name: string };
  /**
   * nearer-to-another: than to its own person's other photos. looks-like-another: matches somebody else at the
   * threshold. unlike-own: matches none of its own person's other photos. copy: the same picture as another, so it
   * adds nothing and makes the figures look better than they are.
   */
  reason: 'nearer-to-another' | 'looks-like-another' | 'unlike-own' | 'copy';
  /** Distance to the nearest other photo of its person; null where there is none. */
  own: number | null;
  /** The nearest somebody else; null where there is nobody. */
  other: { id: string; name: string; photo: string; distance: number } | null;
  /** What to do, one imperative sentence. */
  remedy: string;
}

/** Two photos nearer than this part of the threshold are one picture, saved twice. */
const COPY = 0.1;

/** Photos of the gallery that hurt at a threshold, the worst first. */
export function findHurtfulPhotos(comparisons: Comparisons, threshold: number): HurtfulPhoto[] {
  const { people, probes, nearest, nearestSample } = comparisons;
  const found: (HurtfulPhoto & { weight: number })[] = [];
  probes.forEach((probe, row) => {
    if (probe.person === null || probe.sample === null) return;
    const distances = nearest.subarray(row * people.length, (row + 1) * people.length);
    const own = distances[probe.person];
    let other = -1;
    distances.forEach((distance, person) => {
      if (person !== probe.person && (other < 0 || distance < distances[other])) other = person;
    });
    const away = other < 0 ? Infinity : distances[other];
    const reason = reasonOf(own, away, threshold);
    if (reason === null) return;
    const { id, name } = people[probe.person];
    const neighbour = people[other] as (typeof people)[number] | undefined;
    found.push({
      photo: probe.label,
      person: { id, name },
      reason,
      own: Number.isFinite(own) ? own : null,
      other: neighbour
        ? {
            id: neighbour.id,
            name: neighbour.name,
            photo: neighbour.samples[nearestSample[row * people.length + other]].photo,
            distance: away,
          }
        : null,
      remedy: remedyOf(reason, name, neighbour?.name ?? ''),
      weight: order.indexOf(reason) * 1000 + (reason === 'unlike-own' ? -own : away),
    });
  });
  return found.sort((a, b) => a.weight - b.weight).map(({ weight: _, ...photo }) => photo);
}

const order: HurtfulPhoto['reason'][] = ['nearer-to-another', 'looks-like-another', 'unlike-own', 'copy'];

function reasonOf(own: number, away: number, threshold: number): HurtfulPhoto['reason'] | null {
  if (Number.isFinite(own) && away < own) return 'nearer-to-another';
  if (away <= threshold) return 'looks-like-another';
  if (Number.isFinite(own) && own > threshold) return 'unlike-own';
  return own <= COPY * threshold ? 'copy' : null;
}

function remedyOf(reason: HurtfulPhoto['reason'], name: string, other: string): string {
  switch (reason) {
    case 'nearer-to-another':
      return `Look whether it really shows ${name}; if it does, replace it by a sharper one from the front.`;
    case 'looks-like-another':
      return `Compare it with ${other}'s: are they two people? Then replace the worse of the two photos.`;
    case 'unlike-own':
      return `Look whether it really shows ${name}; if it does, add photos that lie between it and the others.`;
    case 'copy':
      return 'Remove one of the two, or replace it by a photo of another day.';
  }
}

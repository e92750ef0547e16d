import {
  compareGallery,
  galleryProbes,
  type Comparisons,
  type GalleryPerson,
  type Probe,
} from './compare-gallery.js';
import { effectiveCounts, type LinkedComparison } from './effective-count.js';
import { equalError } from './equal-error.js';
import { findHurtfulPhotos, type HurtfulPhoto } from './find-hurtful-photos.js';
import { findLookAlikes, type LookAlikes } from './find-look-alikes.js';
import { proportion, type Proportion } from './proportion.js';
import { errorRates, type EffectiveCount, type ErrorRates } from './rates.js';
import type { Scores } from './scores.js';
import { identificationRate, suggestThreshold, type Suggestion } from './suggest-threshold.js';

export interface CalibrationOptions {
  wantedFar: number;
  /** That the network comes with: never left for a laxer one without evidence. */
  defaultThreshold: number;
  /** Embeddings of labelled visits; `person` is an id of the gallery, null for somebody it does not know. */
  visits?: readonly { visit: string; person: string | null; embedding: Float32Array }[];
}

/** What a gallery says about its threshold. */
export interface Calibration {
  people: number;
  photos: number;
  /** People with two photos or more: only they can be compared with themselves. */
  peopleWithSeveral: number;
  /** Of these, people left out of the count, since comparing everybody would take too long. */
  peopleLeftOut: number;
  visits: { known: number; strangers: number } | null;
  genuine: number;
  impostor: number;
  /** Comparisons of people who are probably one: counted nowhere. */
  suspectComparisons: number;
  atDefault: Operating;
  suggestion: Suggestion & Operating;
  equalError: { rate: number; threshold: number } | null;
  /** The nearest pairs of people. */
  lookAlikes: LookAlikes[];
  hurtfulPhotos: HurtfulPhoto[];
}

/** Errors at a threshold, and what they mean for a stranger who is compared with everybody. */
export interface Operating extends ErrorRates {
  /** 1 - (1 - FAR)^people, from the counted FAR and from its upper bound; null without impostor comparisons. */
  expectedFpir: { rate: number; high: number } | null;
  /** Share of probes that were nearer than the threshold to somebody they are not. */
  measuredFpir: Proportion | null;
}

/** A calibration with what it was made from, for plots and further thresholds. */
export interface Judged {
  calibration: Calibration;
  scores: Scores;
  effective: EffectiveCount;
  /** What any other threshold does. */
  operating: (threshold: number) => Operating;
}

/** Comparisons of more than this take too long and prove no more. */
const MAX_COMPARISONS = 400_000;
const MAX_LISTED = 100;

/**
 * Judges a gallery by its own photos, and by labelled visits where there are any. Each photo is compared with every
 * other person as a stranger would be, and with its own person's other photos, always by the nearest photo, as the
 * server does.
 *
 * @param everybody at least two people with a photo
 */
export function calibrate(everybody: readonly GalleryPerson[], options: CalibrationOptions): Judged {
  const people = withinReason(everybody);
  const visits = options.visits ?? [];
  const index = new Map(people.map(({ id }, place) => [id, place]));
  const probes: Probe[] = [
    ...galleryProbes(people),
    // Somebody of the gallery who is not among those compared is a stranger to them.
    ...visits.map(({ visit, person, embedding }) => ({
      label: visit,
      person: person === null ? null : (index.get(person) ?? null),
      sample: null,
      embedding,
    })),
  ];
  const comparisons = compareGallery(people, probes);
  const lookAlikes = findLookAlikes(comparisons, options.defaultThreshold);
  const { genuine, impostor, suspects, nearestOther } = sortOut(comparisons, lookAlikes);
  const scores: Scores = {
    genuine: Float64Array.from(genuine, ({ distance }) => distance).sort(),
    impostor: Float64Array.from(impostor, ({ distance }) => distance).sort(),
  };
  const effective = effectiveCounts({ genuine, impostor });
  const genuinePeople = new Set(genuine.map(({ one }) => one)).size;
  const operating = (threshold: number): Operating => {
    const rates = errorRates(scores, threshold, effective);
    const named = nearestOther.filter((distance) => distance <= threshold).length;
    return {
      ...rates,
      expectedFpir: rates.far && {
        rate: identificationRate(rates.far.rate, everybody.length),
        high: identificationRate(rates.far.high, everybody.length),
      },
      measuredFpir: proportion(named, nearestOther.length),
    };
  };
  const suggestion = suggestThreshold(scores, effective, { ...options, genuinePeople });
  const calibration: Calibration = {
    people: everybody.length,
    photos: everybody.reduce((sum, { samples }) => sum + samples.length, 0),
    peopleWithSeveral: everybody.filter(({ samples }) => samples.length > 1).length,
    peopleLeftOut: everybody.length - people.length,
    visits: options.visits
      ? {
          known: visits.filter(({ person }) => person !== null).length,
          strangers: visits.filter(({ person }) => person === null).length,
        }
      : null,
    genuine: genuine.length,
    impostor: impostor.length,
    suspectComparisons: suspects,
    atDefault: operating(options.defaultThreshold),
    suggestion: { ...suggestion, ...operating(suggestion.threshold) },
    equalError: equalError(scores),
    lookAlikes: lookAlikes.slice(0, MAX_LISTED),
    hurtfulPhotos: findHurtfulPhotos(comparisons, suggestion.threshold).slice(0, MAX_LISTED),
  };
  return { calibration, scores, effective, operating };
}

/** Everybody, or of a very large gallery as many as can be compared, taken evenly from all of it. */
function withinReason(everybody: readonly GalleryPerson[]): readonly GalleryPerson[] {
  const photos = everybody.reduce((sum, { samples }) => sum + samples.length, 0);
  const share = Math.sqrt(MAX_COMPARISONS / (photos * everybody.length));
  if (share >= 1) return everybody;
  return everybody.filter((_, place) => Math.floor((place + 1) * share) > Math.floor(place * share));
}

/** Genuine and impostor comparisons, and each probe's distance to the nearest person that it is not. */
function sortOut(
  { people, probes, nearest }: Comparisons,
  lookAlikes: readonly LookAlikes[],
): { genuine: LinkedComparison[]; impostor: LinkedComparison[]; suspects: number; nearestOther: number[] } {
  const index = new Map(people.map(({ id }, place) => [id, place]));
  const keyOf = (one: number, other: number): number =>
    Math.min(one, other) * people.length + Math.max(one, other);
  const suspect = new Set(
    lookAlikes
      .filter((pair) => pair.suspect)
      .map(({ people: [one, other] }) => keyOf(index.get(one.id)!, index.get(other.id)!)),
  );
  const genuine: LinkedComparison[] = [];
  const impostor: LinkedComparison[] = [];
  const nearestOther: number[] = [];
  let suspects = 0;
  probes.forEach((probe, row) => {
    let closest = Infinity;
    for (let other = 0; other < people.length; other += 1) {
      const distance = nearest[row * people.length + other];
      // Every stranger of the visits stands for themselves.
      const one = probe.person ?? people.length + row;
      if (one === other) {
        if (Number.isFinite(distance)) genuine.push({ distance, one, other });
      } else if (probe.person !== null && suspect.has(keyOf(probe.person, other))) suspects += 1;
      else {
        impostor.push({ distance, one, other });
        closest = Math.min(closest, distance);
      }
    }
    if (Number.isFinite(closest)) nearestOther.push(closest);
  });
  return { genuine, impostor, suspects, nearestOther };
}

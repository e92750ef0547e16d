import type { PublishedPoint } from '../../../models/published.js';
import type { Calibration } from '../../evaluation/calibrate.js';
import { percent, short } from '../../evaluation/plot/axes.js';
import { farForIdentification } from '../../evaluation/suggest-threshold.js';

/** A stranger who is named this rarely is what a desk can live with. */
const BEARABLE_FPIR = 0.01;

/** What a calibration proves and what it does not, one sentence a point. */
export function explainEvidence(calibration: Calibration, published: readonly PublishedPoint[]): string[] {
  const { suggestion, people, genuine, impostor, peopleWithSeveral, visits, suspectComparisons } =
    calibration;
  const told: string[] = [];
  const wanted = percent(suggestion.wantedFar, 4);
  if (!suggestion.resolved)
    told.push(
      `${impostor} comparisons of different people cannot show a FAR of ${wanted}: that takes ${suggestion.impostorsNeeded} at least. ` +
        `What is proven: at ${short(suggestion.threshold, 3)} the FAR is at most ${percent(suggestion.far?.high ?? 1)}.`,
    );
  else if (!suggestion.proven)
    told.push(
      `At ${short(suggestion.threshold, 3)} the counted FAR keeps to ${wanted}; with the uncertainty of the count it may be up to ${percent(suggestion.far?.high ?? 1, 3)}.`,
    );
  if (genuine === 0)
    told.push(
      'Nobody is compared with themselves, since everybody has one photo: how often people are missed is not known from this gallery. ' +
        'A second photo of some of them, or labelled visits (--visits), would tell.',
    );
  else if (peopleWithSeveral < 10 && (visits?.known ?? 0) < 30)
    told.push(
      `Only ${peopleWithSeveral} ${peopleWithSeveral === 1 ? 'person has' : 'people have'} several photos: how often people are missed is known roughly at best.`,
    );
  if (genuine === 0)
    for (const { threshold, far, frr, source } of published)
      told.push(
        `Known of the network: at ${threshold} a FAR of ${percent(far)} and an FRR of ${percent(frr)} a frame (${source}).`,
      );
  if (visits === null)
    told.push(
      'Photos are taken with more care than cameras take: labelled visits (--visits) judge what the cameras see.',
    );
  if (suggestion.choice === 'default')
    told.push("The network's default stays: the gallery does not show that another threshold is better.");
  if (suspectComparisons > 0)
    told.push(
      `${suspectComparisons} comparisons are not counted, since the two look like one person (or twins): see the nearest pairs.`,
    );
  if (calibration.peopleLeftOut > 0)
    told.push(
      `${calibration.peopleLeftOut} of ${people} people are not compared, since everybody would take too long: pairs may be missing.`,
    );
  told.push(
    `A stranger is compared with all ${people} people. To name at most one in a hundred, ask for --far ${Number(farForIdentification(BEARABLE_FPIR, people).toPrecision(2))}.`,
  );
  return told;
}

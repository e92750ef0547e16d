import { impostorsNeeded, thresholdForFar, thresholdWithErrors } from './operating-point.js';
import { errorRates, type EffectiveCount, type ErrorRates } from './rates.js';
import type { Scores } from './scores.js';

/** A threshold for a wanted FAR, and how well it is founded. */
export interface Suggestion extends ErrorRates {
  wantedFar: number;
  /**
   * stricter: the default lets more strangers pass than wanted. laxer: it is proven that a laxer one does not, and it
   * misses fewer. default: neither is shown.
   */
  choice: 'stricter' | 'laxer' | 'default';
  /** Whether the upper 95 % bound of the FAR keeps to the wanted one too, and not only what was counted. */
  proven: boolean;
  /** Whether there are comparisons enough to see the wanted FAR at all: 1 / FAR. */
  resolved: boolean;
  impostorsNeeded: number;
}

/** Less than this says nothing about how often somebody is missed. */
const ENOUGH_GENUINE = { comparisons: 30, people: 10 };

/**
 * The threshold for a wanted FAR. Careful in one direction: a stranger who is given a name is worse than a frame that
 * is missed, so it is stricter than the default as soon as the counts ask for it, and laxer only where the 95 % bound
 * of the FAR allows it and enough genuine comparisons show that it helps.
 *
 * @param genuinePeople people of whom there are genuine comparisons
 */
export function suggestThreshold(
  scores: Scores,
  effective: EffectiveCount,
  wanted: { wantedFar: number; defaultThreshold: number; genuinePeople: number },
): Suggestion {
  const { wantedFar, defaultThreshold, genuinePeople } = wanted;
  const rates = (threshold: number): ErrorRates => errorRates(scores, threshold, effective);
  const keepsTo = (at: ErrorRates): boolean => (at.far?.high ?? 1) <= wantedFar;
  const { impostor, genuine } = scores;
  const needed = impostorsNeeded(wantedFar);

  const counted = impostor.length === 0 ? defaultThreshold : thresholdForFar(scores, wantedFar);
  const byDefault = rates(defaultThreshold);
  let chosen = byDefault;
  let choice: Suggestion['choice'] = 'default';
  if ((byDefault.far?.rate ?? 0) > wantedFar) {
    chosen = rates(counted);
    choice = 'stricter';
  } else if (genuine.length >= ENOUGH_GENUINE.comparisons && genuinePeople >= ENOUGH_GENUINE.people) {
    for (let errors = Math.floor(wantedFar * impostor.length); errors >= 0; errors -= 1) {
      const at = rates(thresholdWithErrors(scores, errors));
      if (at.threshold <= defaultThreshold) break;
      if (!keepsTo(at)) continue;
      if ((at.frr?.count ?? 0) < (byDefault.frr?.count ?? 0)) [chosen, choice] = [at, 'laxer'];
      break;
    }
  }
  return {
    ...chosen,
    wantedFar,
    choice,
    proven: keepsTo(chosen),
    resolved: impostor.length >= needed,
    impostorsNeeded: needed,
  };
}

/**
 * False positive identification rate: how often a stranger is given some name in a gallery of that many people, where
 * comparisons with them err independently.
 */
export function identificationRate(far: number, people: number): number {
  return -Math.expm1(people * Math.log1p(-far));
}

/** The FAR that keeps to a wanted false positive identification rate: the inverse of `identificationRate`. */
export function farForIdentification(fpir: number, people: number): number {
  return -Math.expm1(Math.log1p(-fpir) / people);
}

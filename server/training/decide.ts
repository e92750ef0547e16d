import type { Learned } from './learn-adaptation.js';

export interface Decision {
  adopted: boolean;
  /** Why, in the operator's words. */
  reason: string;
}

/** People it never saw may lose this much of their FRR at most, whatever the noise. */
const MOST_LOST = 0.01;

/**
 * Whether an adaptation is worth having. It has to gain beyond noise: of the resampled gains for the people that it
 * learned from, 97.5 of 100 are above 0. And it must not be paid for by whoever is enrolled later: for people of whom it
 * learned nothing FRR gets worse neither beyond noise nor by more than a hundredth.
 */
export function decide({ known, unseen }: Pick<Learned, 'known' | 'unseen'>): Decision {
  if (known.before.value === 0)
    return { adopted: false, reason: 'nobody was missed before either: there is nothing to gain' };
  if (!(known.gain.value > 0)) return { adopted: false, reason: 'it misses no fewer than before' };
  if (!(known.gain.low > 0))
    return { adopted: false, reason: 'the gain is within the noise of so few photos' };
  if (unseen && (unseen.gain.high < 0 || unseen.gain.value < -MOST_LOST))
    return { adopted: false, reason: 'people it did not learn from would be missed more often' };
  return { adopted: true, reason: 'fewer of the enrolled are missed, at the same FAR' };
}

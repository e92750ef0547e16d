import type { Decision } from '../../training/decide.js';
import type { Learned } from '../../training/learn-adaptation.js';
import type { Bounded, RatesAtFar } from '../../training/weigh-rates.js';
import { printTable } from '../print-table.js';

/** What was learned, as a table with its bounds, and what follows from it. */
export function printLearned({ known, unseen, folds, epochs }: Learned, { reason }: Decision): void {
  printTable([
    row('enrolled people, other photos', known),
    ...(unseen ? [row('people it learned nothing of', unseen)] : []),
  ]);
  process.stdout.write(
    `Cross-validation in ${folds} folds, ${epochs} epochs; in brackets what 95 of 100 drawings of other people gave.\n` +
      (unseen
        ? ''
        : 'People it learned nothing of are too few to be measured: at least 10 with 2 photos.\n') +
      `Verdict: ${reason}.\n`,
  );
}

function row(who: string, { far, before, after, gain, genuine, impostor }: RatesAtFar) {
  return {
    who,
    FAR: `${percent(far, 2)} %`,
    'FRR before': bounds(before),
    'FRR after': bounds(after),
    gain: bounds(gain),
    comparisons: `${genuine} / ${impostor}`,
  };
}

function bounds({ value, low, high }: Bounded): string {
  return `${percent(value)} % [${percent(low)}, ${percent(high)}]`;
}

function percent(rate: number, digits = 1): string {
  return (rate * 100).toFixed(digits);
}

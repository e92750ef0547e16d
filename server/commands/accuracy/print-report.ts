import type { Judgement } from '../../evaluation/judge.js';
import type { OperatingPoint } from '../../evaluation/operating-point.js';
import { percent, short } from '../../evaluation/plot/axes.js';
import type { Proportion } from '../../evaluation/proportion.js';
import { printTable } from '../print-table.js';
import type { AccuracyReport } from './report.js';

const NAMED = 8;

/** Prints the report for people. */
export function printReport(report: AccuracyReport): void {
  const say = (text = ''): void => void process.stdout.write(`${text}\n`);
  const { list, pictures, official, withoutMissed } = report;
  say(`${report.network} on ${report.engine}; default threshold ${report.defaultThreshold}`);
  say(
    `${official.same + official.different} pairs (${official.same} same, ${official.different} different) of ` +
      `${pictures.total} pictures; ${short(pictures.msPerPicture, 1)} ms a picture with all workers` +
      (pictures.medianMs === null ? '' : `, ${short(pictures.medianMs, 1)} ms of one worker (median)`),
  );
  if (pictures.noFace.length > 0)
    say(
      `No face found in ${pictures.noFace.length}: ${named(pictures.noFace)}. ` +
        `Their ${official.missed.same + official.missed.different} pairs count as different people (the official way); ` +
        'the second column leaves them out.',
    );
  if (pictures.severalFaces > 0)
    say(`Several faces in ${pictures.severalFaces} pictures: the one nearest the centre was taken.`);
  if (pictures.unreadable.length > 0) {
    say(`${pictures.unreadable.length} pictures cannot be read; ${list.pairsLeftOut} pairs are left out:`);
    for (const { path, code, reason, lines } of pictures.unreadable.slice(0, NAMED))
      say(`  ${path} (line ${lines.join(', ')}): ${code}: ${reason}`);
    if (pictures.unreadable.length > NAMED)
      say(`  and ${pictures.unreadable.length - NAMED} more: see --json`);
  }
  say();
  printTable(
    rowsOf(official).map(([what, all], index) => ({
      '': what,
      'all pairs': all,
      ...(pictures.noFace.length > 0 ? { 'without missed faces': rowsOf(withoutMissed)[index][1] } : {}),
    })),
  );
  for (const note of notes(official)) say(note);
  if (report.folders) {
    say('\nBy folder');
    printTable(Object.entries(report.folders).map(([folder, each]) => folderRow(folder, each)));
  }
}

function rowsOf(each: Judgement): [what: string, value: string][] {
  const { accuracy, auc, equalError, atDefault } = each;
  return [
    [
      accuracy
        ? `accuracy, ${accuracy.folds.length} folds${accuracy.official ? '' : ' dealt out'}`
        : 'accuracy',
      accuracy ? `${percent(accuracy.mean)} ± ${percent(accuracy.standardError)} (standard error)` : '-',
    ],
    ['  standard deviation of the folds', accuracy ? percent(accuracy.standardDeviation) : '-'],
    ['  thresholds chosen on the other folds', accuracy ? thresholdsOf(accuracy.folds) : '-'],
    ['area under the ROC curve', auc === null ? '-' : short(auc, 5)],
    [
      'equal error rate',
      equalError ? `${percent(equalError.rate)} at ${short(equalError.threshold, 3)}` : '-',
    ],
    ...each.atFar.map((point): [string, string] => [`FRR at FAR ${percent(point.wantedFar)}`, frrAt(point)]),
    [`FAR at ${atDefault.threshold}, the default`, share(atDefault.far)],
    [`FRR at ${atDefault.threshold}, the default`, share(atDefault.frr)],
  ];
}

function thresholdsOf(folds: readonly { threshold: number }[]): string {
  const thresholds = folds.map(({ threshold }) => threshold);
  return `${short(Math.min(...thresholds), 3)} to ${short(Math.max(...thresholds), 3)}`;
}

function frrAt(point: OperatingPoint): string {
  return point.resolved ? `${share(point.frr)} at ${short(point.threshold, 3)}` : 'not resolved';
}

/** With its 95 % bounds. */
function share(rate: Proportion | null): string {
  return rate ? `${percent(rate.rate)} (${percent(rate.low)} to ${percent(rate.high)})` : '-';
}

function notes({ atFar, accuracy }: Judgement): string[] {
  return [
    'In brackets: 95 % bounds (Clopper-Pearson), pairs taken as independent.',
    ...(accuracy && !accuracy.official ? ['The list names no folds: the pairs were dealt out in turn.'] : []),
    ...atFar.flatMap((point) =>
      point.resolved
        ? []
        : [
            `FAR ${percent(point.wantedFar)} cannot be seen with ${point.impostors} pairs of different people: it takes ${point.needed} at least.`,
          ],
    ),
  ];
}

function folderRow(folder: string, each: Judgement): Record<string, string | number> {
  const { accuracy, equalError, auc, atDefault } = each;
  const missed = each.missed.same + each.missed.different;
  return {
    folder,
    pairs: `${each.same}+${each.different}`,
    missed,
    accuracy: accuracy ? `${percent(accuracy.mean)} ± ${percent(accuracy.standardError)}` : '-',
    AUC: auc === null ? '-' : short(auc, 4),
    EER: equalError ? `${percent(equalError.rate)} at ${short(equalError.threshold, 3)}` : '-',
    ...Object.fromEntries(
      each.atFar.map((point) => [
        `FRR @ FAR ${percent(point.wantedFar)}`,
        point.resolved && point.frr ? `${percent(point.frr.rate)} at ${short(point.threshold, 3)}` : '-',
      ]),
    ),
    [`FAR @ ${atDefault.threshold}`]: atDefault.far ? percent(atDefault.far.rate) : '-',
    [`FRR @ ${atDefault.threshold}`]: atDefault.frr ? percent(atDefault.frr.rate) : '-',
  };
}

function named(paths: readonly string[]): string {
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more (--json names them)` : '';
  return paths.slice(0, NAMED).join(', ') + more;
}

import type { Calibration, Operating } from '../../evaluation/calibrate.js';
import { percent, short } from '../../evaluation/plot/axes.js';
import type { Proportion } from '../../evaluation/proportion.js';
import { printTable } from '../print-table.js';
import type { CalibrationReport } from './report.js';

const LOOK_ALIKES = 5;
const PHOTOS = 10;

/** Prints a calibration for people. */
export function printCalibration({ calibration, ...report }: CalibrationReport): void {
  const say = (text = ''): void => void process.stdout.write(`${text}\n`);
  const { suggestion, visits, equalError } = calibration;
  say(
    `${report.space}: ${calibration.people} people with ${calibration.photos} photos, ${calibration.peopleWithSeveral} of them with several` +
      (visits ? `; ${visits.known} labelled visits of theirs, ${visits.strangers} of strangers` : ''),
  );
  say(
    `${calibration.genuine} comparisons of one person, ${calibration.impostor} of two, by the nearest photo as the server compares`,
  );
  for (const { line, visit, code, reason } of report.visitProblems)
    say(`  visit ${visit ?? ''}${line > 0 ? ` (line ${line})` : ''} left out: ${code}: ${reason}`);

  say();
  printTable([
    row("network's default", calibration.atDefault),
    ...(report.inForce ? [row('in force', report.inForce.rates)] : []),
    row('suggested', suggestion),
  ]);
  say(
    'In brackets: 95 % bounds, with the people as what was drawn. "stranger named": 1 - (1 - FAR)^people; "measured": photos nearer than the threshold to somebody else.',
  );
  if (equalError) say(`Equal error rate ${percent(equalError.rate)} at ${short(equalError.threshold, 3)}`);

  say('\nHow much this proves');
  for (const note of report.notes) say(`  - ${note}`);

  if (calibration.lookAlikes.length > 0) {
    say('\nNearest pairs of people');
    printTable(
      calibration.lookAlikes.slice(0, LOOK_ALIKES).map(({ distance, people: [one, other], suspect }) => ({
        distance: short(distance, 3),
        one: `${one.name} (${one.photo})`,
        other: `${other.name} (${other.photo})`,
        '': suspect ? 'one person under two names, or twins?' : '',
      })),
    );
  }
  if (calibration.hurtfulPhotos.length > 0) {
    say(`\nPhotos that hurt (at ${short(suggestion.threshold, 3)})`);
    const told = onePerPair(calibration.hurtfulPhotos).slice(0, PHOTOS);
    for (const photo of told) {
      say(`  ${photo.photo} of ${photo.person.name}: ${reasonOf(photo)}`);
      say(`    ${photo.remedy}`);
    }
    const more = calibration.hurtfulPhotos.length - told.length;
    if (more > 0) say(`  and ${more} more, some of them of the same two people: see --json`);
  }
}

/** Of two people who look alike only the photo that comes first: the others say the same again. */
function onePerPair(photos: Calibration['hurtfulPhotos']): Calibration['hurtfulPhotos'] {
  const told = new Set<string>();
  return photos.filter(({ reason, person, other }) => {
    if (reason !== 'looks-like-another' || other === null) return true;
    const pair = [person.id, other.id].sort().join('\n');
    if (told.has(pair)) return false;
    told.add(pair);
    return true;
  });
}

function row(what: string, at: Operating): Record<string, string> {
  return {
    '': what,
    threshold: short(at.threshold, 3),
    FAR: share(at.far),
    FRR: share(at.frr),
    'stranger named': at.expectedFpir
      ? `${percent(at.expectedFpir.rate)} (up to ${percent(at.expectedFpir.high)})`
      : '-',
    measured: share(at.measuredFpir),
  };
}

function share(rate: Proportion | null): string {
  return rate ? `${percent(rate.rate)} (${percent(rate.low)} to ${percent(rate.high)})` : 'not known';
}

function reasonOf({ reason, own, other }: Calibration['hurtfulPhotos'][number]): string {
  const away = other ? `${short(other.distance, 3)} from ${other.name} (${other.photo})` : '';
  switch (reason) {
    case 'nearer-to-another':
      return `${away}, and ${short(own ?? 0, 3)} from their own nearest photo`;
    case 'looks-like-another':
      return `${away}: within the threshold`;
    case 'unlike-own':
      return `${short(own ?? 0, 3)} from their own nearest photo: outside the threshold`;
    case 'copy':
      return `${short(own ?? 0, 3)} from another photo of theirs: the same picture`;
  }
}

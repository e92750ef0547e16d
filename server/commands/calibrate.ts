import { systemClock } from '../base/clock.js';
import { asGatehouseError, GatehouseError } from '../base/errors.js';
import { version } from '../base/version.js';
import { cameraConfigs, type Config } from '../config.js';
import { readConfig } from '../config/read-config.js';
import { calibrate as judgeGallery } from '../evaluation/calibrate.js';
import { curvePoints, distanceLimit } from '../evaluation/error-curve.js';
import { histogram } from '../evaluation/histogram.js';
import { percent, short } from '../evaluation/plot/axes.js';
import { drawPlot } from '../evaluation/plot/draw-plot.js';
import { checkPlotPath, writePlot } from '../evaluation/plot/write-plot.js';
import { publishedPoints } from '../../models/published.js';
import type { EnrolledPerson } from '../identities/person.js';
import { applyCalibration, readCalibration, undoCalibration } from '../identities/stores/calibration-file.js';
import { readPeople } from '../identities/stores/read-people.js';
import { explainEvidence } from './calibrate/explain-evidence.js';
import { findSpace, type EmbeddingSpace } from './calibrate/find-space.js';
import { printCalibration } from './calibrate/print-calibration.js';
import { readVisits } from './calibrate/read-visits.js';
import type { CalibrationReport } from './calibrate/report.js';
import type { CommonOptions } from './options.js';

export interface CalibrateOptions extends CommonOptions {
  far: string;
  visits?: string;
  apply?: boolean;
  undo?: boolean;
  plot?: string;
  json?: boolean;
}

/**
 * `gatehouse calibrate`: what the enrolled photos say about the threshold, and with --apply uses it. Reads the data
 * folder of a running server without disturbing it. Exit code 0, or 65 with a gallery that says nothing.
 */
export async function calibrate(options: CalibrateOptions): Promise<number> {
  if (options.plot !== undefined) checkPlotPath(options.plot);
  const wantedFar = readFar(options.far);
  const config = await readConfig(options.config, process.env);
  const space = await findSpace(config.recognition, options.data);
  if (options.undo) return undo(options, space);

  const people = gallery(await readPeople(options.data), space, options.data);
  const visits =
    options.visits === undefined
      ? null
      : await readVisits(
          options.visits,
          options.data,
          config.recognition,
          new Set(people.map(({ id }) => id)),
        );
  const visitFaces = visits?.faces.map((face) => ({ ...face, embedding: space.transform(face.embedding) }));
  const { defaultThreshold } = space;
  const inForce = await readCalibration(options.data, space.name).catch((thrown: unknown) => {
    const error = asGatehouseError(thrown);
    process.stderr.write(`${error.code}: ${error.message}\n`);
    return null;
  });
  const { calibration, scores, effective, operating } = judgeGallery(people, {
    wantedFar,
    defaultThreshold,
    ...(visitFaces ? { visits: visitFaces } : {}),
  });
  if (calibration.impostor === 0) throw tooFew('no two different people can be compared');

  const { suggestion } = calibration;
  const usedNow = inForce?.threshold ?? defaultThreshold;
  const applied = options.apply === true && suggestion.threshold !== usedNow;
  if (options.apply && applied) {
    const keptAs = await applyCalibration(options.data, space.name, {
      threshold: suggestion.threshold,
      wantedFar,
      people: calibration.people,
      photos: calibration.photos,
      visits: visits?.faces.length ?? 0,
      genuine: calibration.genuine,
      impostor: calibration.impostor,
      appliedAt: new Date(systemClock.wall()).toISOString(),
    });
    if (keptAs !== null) process.stderr.write(`the unreadable file is kept as ${keptAs}\n`);
  }
  const report: CalibrationReport = {
    version: 1,
    gatehouse: version,
    space: space.name,
    calibration,
    inForce: inForce && { ...inForce, rates: operating(inForce.threshold) },
    notes: explainEvidence(calibration, publishedPoints[space.name] ?? []),
    visitProblems: visits?.problems ?? [],
    camerasWithOwn: camerasWithOwn(config),
    curve: curvePoints(scores, effective),
    histogram: histogram(scores, distanceLimit(scores)),
    applied,
  };
  if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else {
    printCalibration(report);
    sayWhatNext(report, usedNow, options);
  }
  if (options.plot !== undefined) {
    const svg = drawPlot({
      title: `${space.name}: ${calibration.people} people, ${calibration.photos} photos`,
      note: `by the nearest photo, as the server compares${visits ? `; with ${visits.faces.length} labelled visits` : ''}; suggested for a FAR of ${percent(wantedFar, 4)}`,
      scores,
      effective,
      marks: [
        { threshold: usedNow, label: inForce ? 'threshold in force' : 'default threshold' },
        ...(suggestion.threshold === usedNow
          ? []
          : [{ threshold: suggestion.threshold, label: 'suggested threshold' }]),
      ],
    });
    await writePlot(options.plot, svg);
    if (!options.json) process.stdout.write(`Plot: ${options.plot}\n`);
  }
  return 0;
}

async function undo(options: CalibrateOptions, space: EmbeddingSpace): Promise<number> {
  const { undone, now } = await undoCalibration(options.data, space.name);
  const threshold = now?.threshold ?? space.defaultThreshold;
  const result = { version: 1, space: space.name, undone, now, threshold };
  if (options.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else
    process.stdout.write(
      `${space.name}: the threshold ${short(undone.threshold, 4)} of ${undone.appliedAt} is taken back; ` +
        `${short(threshold, 4)}, ${now ? 'calibrated before' : "the network's default"}, takes effect at the next start.\n`,
    );
  return 0;
}

function sayWhatNext(report: CalibrationReport, usedNow: number, options: CalibrateOptions): void {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const { threshold } = report.calibration.suggestion;
  say('');
  if (report.applied)
    say(
      `Applied: ${short(threshold, 4)} takes effect at the next start. Take it back with gatehouse calibrate --undo.`,
    );
  else if (threshold === usedNow)
    say(
      `The threshold that is used, ${short(usedNow, 4)}, is the suggested one: ${options.apply ? 'nothing was changed' : 'nothing to apply'}.`,
    );
  else
    say(
      `Use ${short(threshold, 4)} with gatehouse calibrate --apply (same options); now it is ${short(usedNow, 4)}.`,
    );
  for (const { id, threshold: own } of report.camerasWithOwn)
    say(`Camera ${id} has a threshold of its own in the configuration, ${own}, which wins.`);
}

/** The people with their samples of one network, in its space. Throws CALIBRATION_TOO_FEW where there is nobody. */
function gallery(
  everybody: EnrolledPerson[],
  { network, transform }: EmbeddingSpace,
  data: string,
): EnrolledPerson[] {
  const people = everybody
    .map((person) => ({
      ...person,
      samples: person.samples
        .filter((sample) => sample.network === network)
        .map((sample) => ({ ...sample, embedding: transform(sample.embedding) })),
    }))
    .filter(({ samples }) => samples.length > 0);
  if (people.length > 0) return people;
  throw tooFew(
    everybody.length === 0
      ? `nobody is enrolled in ${data}`
      : `nobody in ${data} is enrolled with ${network} yet`,
  );
}

function tooFew(why: string): GatehouseError {
  return new GatehouseError(
    'CALIBRATION_TOO_FEW',
    `there is nothing to calibrate by: ${why}`,
    'Enrol two people at least (photos in the people folder, then gatehouse start), and calibrate again.',
  );
}

function readFar(text: string): number {
  const far = Number(text);
  if (far > 0 && far <= 0.5) return far;
  throw new GatehouseError(
    'USAGE',
    `--far ${text} is no false accept rate`,
    'Give a share above 0 and up to 0.5: 0.001 is one comparison in a thousand.',
  );
}

function camerasWithOwn(config: Config): CalibrationReport['camerasWithOwn'] {
  return cameraConfigs(config).flatMap(({ id, threshold }) =>
    threshold === null ? [] : [{ id, threshold }],
  );
}

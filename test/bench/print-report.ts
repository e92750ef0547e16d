import { printTable } from '../../server/commands/print-table.js';
import { machineLine } from './machine.js';
import type { Report } from './report.js';
import { goalRows } from './goal-rows.js';

/** The report as tables on standard output. */
export function printReport(report: Report): void {
  const say = (line = ''): void => void process.stdout.write(`${line}\n`);
  const table = (title: string, rows: Parameters<typeof printTable>[0]): void => {
    if (rows.length === 0) return;
    say(`\n${title}`);
    printTable(rows);
  };
  const ms = (value: number): string => value.toFixed(value < 10 ? 2 : 1);

  say(machineLine(report.machine));
  if (report.machine.load > report.machine.processors / 2)
    say(
      'Other programs wanted the processors: times are too long, and long works suffer more than short ones.',
    );
  if (report.peakGflops !== null) say(`FMA peak of one thread: ${report.peakGflops.toFixed(0)} GFLOP/s`);
  table(
    'Who took part, and how many of the five faces each finds',
    report.contenders.map(({ name, version, failed, found, embeddingApart }) => ({
      contender: name,
      version: version || null,
      faces: 'frame' in found ? found['frame'] : null,
      'embedding apart': embeddingApart === null ? null : embeddingApart.toFixed(4),
      why: failed ?? '',
    })),
  );
  table(
    'Medians over the rounds; ms a face, for detectors and frames a picture',
    [...report.measurements]
      .sort((a, b) => a.work.localeCompare(b.work) || a.batch - b.batch || a.msPerFace - b.msPerFace)
      .map(
        ({ work, batch, contender, threads, ms: call, msPerFace, facesPerSecond, cpuMsPerFace, ofPeak }) => ({
          work,
          batch,
          contender,
          threads,
          'ms a face': ms(msPerFace),
          quartiles: `${ms(call.lower / batch)}-${ms(call.upper / batch)}`,
          'faces/s': facesPerSecond.toFixed(0),
          'processor ms': cpuMsPerFace === null ? null : ms(cpuMsPerFace),
          'of peak': ofPeak === null ? null : `${(ofPeak * 100).toFixed(0)} %`,
        }),
      ),
  );
  table(
    'How many times faster ours is',
    Object.entries(report.ratios).map(([key, value]) => ({
      'work/peer': key,
      times: value === null ? null : value.toFixed(1),
      'by processor time': report.cpuRatios[key]?.toFixed(1) ?? null,
      ours: report.ours[key.split('/')[0]].contender,
      why: report.reasons[key] ?? '',
    })),
  );
  if (report.throughput) {
    const { engine, framesPerSecond, facesPerSecond, kept, keptOfRecogniser } = report.throughput;
    table(
      `Throughput: ${engine}, 720p frames with five faces`,
      (['engine', 'recogniser', 'pipeline'] as const).map((key) => ({
        of: { engine: 'networks alone', recogniser: 'recogniser', pipeline: 'slots, batches, recogniser' }[
          key
        ],
        'frames/s': framesPerSecond[key].toFixed(1),
        'faces/s': facesPerSecond[key].toFixed(0),
      })),
    );
    say(
      `The pipeline keeps ${percent(kept)} of the networks alone, ${percent(keptOfRecogniser)} of the recogniser`,
    );
  }
  if (report.house) {
    const { cameras, fps, mainLoopDelay, idleDelay, cores, recognisedPerSecond, latency } = report.house;
    table(
      `The product under full load: ${cameras} cameras of 720p at ${fps} frames a second, five faces each, watched live`,
      [
        {
          of: 'main loop delay, ms',
          p50: ms(mainLoopDelay.p50),
          p99: ms(mainLoopDelay.p99),
          max: ms(mainLoopDelay.max),
        },
        { of: 'an idle process, ms', p50: ms(idleDelay.p50), p99: ms(idleDelay.p99), max: ms(idleDelay.max) },
      ],
    );
    say(
      `${recognisedPerSecond.toFixed(1)} frames a second recognised, ${cores.toFixed(2)} processors busy, frame to faces p50 ${latency?.p50 ?? '-'} ms, p95 ${latency?.p95 ?? '-'} ms`,
    );
  }
  table(
    'Searching the gallery for the five nearest people, a batch of eight probes',
    (report.gallery ?? []).map(({ size, index, ms: batch, recall1, buildSeconds }) => ({
      people: size,
      index,
      'ms a batch': ms(batch),
      'nearest found': percent(recall1),
      'built in s': buildSeconds.toFixed(1),
    })),
  );
  table('Goals', goalRows(report.goals));
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

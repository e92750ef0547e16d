import { printTable } from '../../../server/commands/print-table.js';
import { machineLine } from '../machine.js';
import type { CamerasReport, Quantiles, Step } from './report.js';
import { goalRows } from '../goal-rows.js';

/** The report as tables on standard output. */
export function printReport(report: CamerasReport): void {
  const say = (line = ''): void => void process.stdout.write(`${line}\n`);
  const table = (title: string, rows: Parameters<typeof printTable>[0]): void => {
    if (rows.length === 0) return;
    say(`\n${title}`);
    printTable(rows);
  };
  const cores = (value: number | null): string | null => (value === null ? null : value.toFixed(3));
  say(machineLine(report.machine));
  table(
    'Decoding alone: ffmpeg -threads 1 -i URL -f null -',
    report.floors.map(({ stream, content, cores: used, kbits, others }) => ({
      camera: `${content} ${stream}p`,
      'kbit/s': kbits,
      'processors a camera': cores(used),
      'others kept busy': others.toFixed(2),
    })),
  );
  table('Every step', report.steps.map(stepRow));
  table(
    'What each camera more costs',
    Object.entries(report.growth).map(([kind, { coresACamera, memoryACameraMiB, floorRatio }]) => ({
      kind,
      processors: cores(coresACamera.all),
      'of these node': cores(coresACamera.node),
      ffmpeg: cores(coresACamera.ffmpeg),
      'x decoding': floorRatio === null ? null : floorRatio.toFixed(2),
      MiB: memoryACameraMiB.toFixed(0),
    })),
  );
  table(
    'Cameras',
    Object.entries(report.limits).map(([kind, { held }]) => ({
      kind,
      held,
      'without loss': report.withoutLoss[kind as keyof typeof report.withoutLoss],
    })),
  );
  say();
  say(`Four busy cameras: frame to event ${told(report.frameToEventMs)}`);
  say(`                   entrance to name ${told(report.entranceToNameMs)}`);
  say(
    `Playing one camera costs ${cores(report.camerasOwnCost) ?? '-'} processors, which are not the product's.`,
  );
  table('Goals, of two processors', goalRows(report.goals));
}

function told(of: Quantiles | null): string {
  return of === null ? 'not measured' : `p50 ${of.p50}, p95 ${of.p95}, p99 ${of.p99} ms, of ${of.count}`;
}

/** A step as a row of a table, or a line. */
export function stepRow(step: Step): Record<string, string | number | null> {
  const { kind, cameras, fps, lost, frameToEventMs, cores, memory, why } = step;
  return {
    kind,
    cameras,
    held: step.held ? 'yes' : 'NO',
    'frames/s': fps.recognised.toFixed(1),
    awake: step.awake === null ? null : `${(step.awake * 100).toFixed(0)} %`,
    named: `${step.crossings.named} of ${step.crossings.whole}`,
    lost: `${(lost * 100).toFixed(0)} %`,
    'p50 ms': frameToEventMs?.p50 ?? null,
    'p95 ms': frameToEventMs?.p95 ?? null,
    node: cores.node.toFixed(2),
    ffmpeg: cores.ffmpeg.toFixed(2),
    cams: cores.cameras.toFixed(2),
    others: cores.others.toFixed(2),
    MiB: (memory.nodeMiB + memory.ffmpegMiB).toFixed(0),
    why: why ?? '',
  };
}

import { plot, type Series } from '../plot.js';
import { kindNames, type KindName } from './kinds.js';
import type { Step } from './report.js';

const colours: Record<KindName, string> = {
  quiet1080: '#1d6fa5',
  quietAttention1080: '#2f8f4a',
  busy1080: '#b9543f',
  quiet720: '#6db3dd',
  quietAttention720: '#85c995',
  busy720: '#e0a08f',
};

/** Two plots over the number of cameras: frame to event at p95, and processors kept busy by the product. */
export function plotSteps(steps: readonly Step[]): { latency: string; processors: string } {
  const series = (value: (step: Step) => number | undefined): Series[] =>
    kindNames.flatMap((name) => {
      const points = steps
        .filter(({ kind }) => kind === name)
        .sort((a, b) => a.cameras - b.cameras)
        .flatMap((step) => {
          const y = value(step);
          return y === undefined ? [] : [[step.cameras, y] as const];
        });
      return points.length === 0 ? [] : [{ name, colour: colours[name], points }];
    });
  return {
    latency: plot(
      'Frame to event by number of cameras',
      'cameras',
      'p95, ms',
      series(({ frameToEventMs }) => frameToEventMs?.p95),
    ),
    processors: plot(
      'Processors kept busy by number of cameras',
      'cameras',
      'processors',
      series(({ cores }) => cores.node + cores.ffmpeg),
    ),
  };
}

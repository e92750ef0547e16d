import { plot, type Series } from '../plot.js';
import { kinds, type Kind } from './kinds.js';
import type { Step } from './report.js';

/**
 * What happens before a camera and how it is watched by colour and marker; 1080p by whole lines, 720p by dashed ones. The colours are
 * Okabe's and Ito's, which are told apart whatever colours one sees.
 */
function look({ stream, content, attention }: Kind): Pick<Series, 'colour' | 'marker' | 'dashed'> {
  const dashed = stream === 720;
  if (content === 'busy') return { colour: '#d55e00', marker: 'triangle', dashed };
  return attention
    ? { colour: '#009e73', marker: 'square', dashed }
    : { colour: '#0072b2', marker: 'circle', dashed };
}

/** Two plots over the number of cameras: frame to event at p95, and processors kept busy by the product. */
export function plotSteps(steps: readonly Step[]): { latency: string; processors: string } {
  const series = (value: (step: Step) => number | undefined): Series[] =>
    kinds.flatMap((kind) => {
      const points = steps
        .filter((step) => step.kind === kind.name)
        .sort((a, b) => a.cameras - b.cameras)
        .flatMap((step) => {
          const y = value(step);
          return y === undefined ? [] : [[step.cameras, y] as const];
        });
      return points.length === 0 ? [] : [{ name: kind.name, ...look(kind), points }];
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

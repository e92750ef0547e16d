import { equalError } from '../equal-error.js';
import { distanceLimit, errorCurve } from '../error-curve.js';
import { histogram } from '../histogram.js';
import type { EffectiveCount, ErrorRates } from '../rates.js';
import type { Scores } from '../scores.js';
import { linear, logarithmic, percent, short, ticks, type Frame, type Scale } from './axes.js';
import { band, escape, line, polyline, style, text } from './svg.js';

export interface Plot {
  title: string;
  /** What was compared, in one line. */
  note: string;
  scores: Scores;
  /** Thresholds to mark, two at most. */
  marks: readonly { threshold: number; label: string }[];
  effective?: EffectiveCount;
}

const WIDTH = 960;
const LEFT = 74;
const RIGHT = 28;
const CURVES_HEIGHT = 330;
const BARS_HEIGHT = 190;

/**
 * FAR and FRR against the threshold, with their 95 % bounds, over the histograms of the distances, on one axis: an
 * SVG document that needs nothing else, readable on light and dark.
 */
export function drawPlot({ title, note, scores, marks, effective }: Plot): string {
  const limit = distanceLimit(scores);
  const inner = { left: LEFT, width: WIDTH - LEFT - RIGHT };
  const curves: Frame = { ...inner, top: 128 + marks.length * 20, height: CURVES_HEIGHT };
  const bars: Frame = { ...inner, top: curves.top + CURVES_HEIGHT + 44, height: BARS_HEIGHT };
  const height = bars.top + BARS_HEIGHT + 62;
  const x = linear(0, limit, inner.left, inner.left + inner.width);
  const described = `${title}. ${note}. ${marks.map((mark) => `${mark.label}: ${short(mark.threshold, 3)}`).join('. ')}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escape(described)}">
<style>${style}</style><rect width="100%" height="100%" class="paper"/>
${text(LEFT, 40, title, 'title')}${text(LEFT, 62, note, 'note')}
${legend(scores, 90)}
${drawCurves(scores, curves, x, limit, effective)}
${drawBars(scores, bars, x, limit)}
${drawMarks(marks, curves, bars, x, limit)}
</svg>
`;
}

function legend({ genuine, impostor }: Scores, y: number): string {
  const entry = (left: number, kind: string, content: string): string =>
    `${line(left, y - 4, left + 26, y - 4, kind)}${text(left + 34, y, content, 'label')}`;
  return [
    entry(LEFT, 'same', `same person: false rejects (FRR), ${genuine.length} comparisons`),
    entry(LEFT + 430, 'different', `different people: false accepts (FAR), ${impostor.length} comparisons`),
  ].join('');
}

function drawCurves(
  scores: Scores,
  frame: Frame,
  x: Scale,
  limit: number,
  effective: EffectiveCount | undefined,
): string {
  const bottom = frame.top + frame.height;
  const counted = Math.max(scores.genuine.length, scores.impostor.length, 1);
  // One decade below what a single error weighs, so that it does not lie on the axis; at least down to 1 %.
  const floor = 10 ** Math.min(-2, Math.max(-5, Math.floor(Math.log10(1 / counted))));
  const y = logarithmic(floor, 1, bottom, frame.top);
  const curve = errorCurve(scores, limit, effective);
  const follow = (value: (rates: ErrorRates) => number | undefined): [number, number][] =>
    curve.flatMap((rates): [number, number][] => {
      const share = value(rates);
      return share === undefined ? [] : [[x(rates.threshold), y(share)]];
    });
  const grid: string[] = [];
  for (let decade = 1; decade >= floor * 0.99; decade /= 10) {
    grid.push(line(frame.left, y(decade), frame.left + frame.width, y(decade), 'grid'));
    grid.push(text(frame.left - 10, y(decade) + 4, percent(decade, 4), 'tick', 'end'));
  }
  const equal = equalError(scores);
  const crossing =
    equal && equal.rate >= floor
      ? `<circle cx="${x(equal.threshold)}" cy="${y(equal.rate)}" r="5" class="dot"/>${text(
          x(equal.threshold) + 12,
          y(equal.rate) + 4,
          `equal error ${percent(equal.rate)} at ${short(equal.threshold, 3)}`,
          'mark-text',
        )}`
      : '';
  return `<clipPath id="curves"><rect x="${frame.left}" y="${frame.top - 2}" width="${frame.width}" height="${frame.height + 2}"/></clipPath>
${grid.join('')}${text(frame.left, frame.top - 12, 'errors at a threshold, with 95 % bounds', 'note')}
<g clip-path="url(#curves)">${band(
    follow(({ frr }) => frr?.high),
    follow(({ frr }) => frr?.low),
    'same-area',
  )}${band(
    follow(({ far }) => far?.high),
    follow(({ far }) => far?.low),
    'different-area',
  )}${polyline(
    follow(({ frr }) => frr?.rate),
    'same',
  )}${polyline(
    follow(({ far }) => far?.rate),
    'different',
  )}</g>
${line(frame.left, bottom, frame.left + frame.width, bottom, 'axis')}${crossing}`;
}

function drawBars(scores: Scores, frame: Frame, x: Scale, limit: number): string {
  const { edges, genuine, impostor, missed } = histogram(scores, limit);
  const bottom = frame.top + frame.height;
  const shares = (counts: number[], of: number): number[] => counts.map((count) => count / Math.max(of, 1));
  const same = shares(genuine, scores.genuine.length);
  const different = shares(impostor, scores.impostor.length);
  const highest = Math.max(...same, ...different, 0.01);
  const y = linear(0, highest * 1.06, bottom, frame.top);
  const steps = (heights: number[]): [number, number][] => [
    [x(0), bottom],
    ...heights.flatMap((share, index): [number, number][] => [
      [x(edges[index]), y(share)],
      [x(edges[index + 1]), y(share)],
    ]),
    [x(limit), bottom],
  ];
  const grid = ticks(highest, 4).map(
    (share) =>
      `${line(frame.left, y(share), frame.left + frame.width, y(share), share === 0 ? 'axis' : 'grid')}${text(frame.left - 10, y(share) + 4, percent(share), 'tick', 'end')}`,
  );
  const axis = ticks(limit, 12).map(
    (distance) =>
      `${line(x(distance), bottom, x(distance), bottom + 5, 'axis')}${text(x(distance), bottom + 21, short(distance), 'tick', 'middle')}`,
  );
  const without = missed.genuine + missed.impostor;
  return `${grid.join('')}${text(frame.left, frame.top - 12, 'share of the comparisons at a distance', 'note')}
${band(steps(different), [], 'different-bars')}${band(steps(same), [], 'same-bars')}
${axis.join('')}${text(frame.left + frame.width / 2, bottom + 46, 'distance (Euclidean), and threshold', 'label', 'middle')}${
    without > 0
      ? text(frame.left + frame.width, bottom + 46, `${without} more without a face`, 'note', 'end')
      : ''
  }`;
}

/**
 * A dashed line through both panels for each threshold, its label in a row of its own above them, on the side that is
 * turned away from the other line.
 */
function drawMarks(marks: Plot['marks'], curves: Frame, bars: Frame, x: Scale, limit: number): string {
  return marks
    .filter(({ threshold }) => threshold <= limit)
    .map(({ threshold, label }, row) => {
      const left = x(threshold);
      const y = curves.top - 30 - (marks.length - row - 1) * 20;
      const isRoom = left > curves.left + 210;
      const crossed = marks.some((other) => other.threshold > threshold && other.threshold <= limit);
      const onLeft = isRoom && (crossed || left > curves.left + curves.width * 0.75);
      return `${line(left, y - 12, left, bars.top + bars.height, row === 0 ? 'mark' : 'mark second')}${text(
        onLeft ? left - 7 : left + 7,
        y - 1,
        `${label} ${short(threshold, 3)}`,
        'mark-text',
        onLeft ? 'end' : 'start',
      )}`;
    })
    .join('');
}

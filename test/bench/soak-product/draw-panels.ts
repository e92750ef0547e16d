import type { Judged, Sample } from './series.js';
import { WARM_UP } from './series.js';

const PANEL = { width: 380, height: 190 };
const EDGE = { left: 58, right: 14, top: 48, bottom: 30 };
const COLUMNS = 3;
const HEAD = 56;
const colours = { flat: '#2f7d4f', grows: '#b3261e', undecided: '#9a6b00', shown: '#5b6770' };

/** One small panel a series, all over the same time, with its line and verdict, as an SVG that opens anywhere. */
export function drawPanels(title: string, samples: readonly Sample[], judged: readonly Judged[]): string {
  const rows = Math.ceil(judged.length / COLUMNS);
  const width = COLUMNS * PANEL.width + 20;
  const height = HEAD + rows * PANEL.height + 14;
  const end = Math.max(...samples.map(({ seconds }) => seconds));
  const panels = judged.map((one, index) => {
    const left = 10 + (index % COLUMNS) * PANEL.width;
    const top = HEAD + Math.floor(index / COLUMNS) * PANEL.height;
    return `<g transform="translate(${left} ${top})">${panel(one, samples, end)}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, 'DejaVu Sans', sans-serif" font-size="12" fill="#39434b">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="20" y="26" font-size="17" font-weight="600">${title}</text>
<text x="20" y="45" fill="#5b6770">Minutes since start; grey: warm-up, not judged; dashed: least-squares line</text>
${panels.join('\n')}
</svg>
`;
}

function panel(one: Judged, samples: readonly Sample[], end: number): string {
  const points = samples.flatMap((sample): [number, number][] => {
    const value = sample[one.key];
    return value === null ? [] : [[sample.seconds, value]];
  });
  const values = points.map(([, y]) => y);
  const [low, high] = range(Math.min(...values), Math.max(...values), one.allowed ?? 0);
  const right = PANEL.width - EDGE.right;
  const bottom = PANEL.height - EDGE.bottom;
  const x = (seconds: number) => EDGE.left + (seconds / end) * (right - EDGE.left);
  const y = (value: number) => bottom - ((value - low) / (high - low)) * (bottom - EDGE.top);
  const line = (ends: readonly (readonly [number, number])[]) =>
    ends.map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`).join(' ');
  const fitted = [end * WARM_UP, end].map(
    (seconds) => [seconds, one.slope.start + (one.slope.perUnit * seconds) / 3600] as const,
  );
  const unit = one.unit === '' ? '' : `, ${one.unit}`;
  const rise = `${short(one.slope.perUnit)} ± ${short(one.slope.bound)} ${one.unit} an hour`;
  const verdict = one.verdict === 'shown' ? '' : ` · ${one.verdict}`;
  const colour = colours[one.verdict];
  const rows = [low, (low + high) / 2, high].map(
    (value) =>
      `<line x1="${EDGE.left}" x2="${right}" y1="${y(value)}" y2="${y(value)}" stroke="#e3e7ea"/><text x="${EDGE.left - 6}" y="${y(value) + 4}" text-anchor="end" font-size="11">${short(value)}</text>`,
  );
  const columns = [0, 0.5, 1].map(
    (share) =>
      `<text x="${x(end * share)}" y="${bottom + 17}" text-anchor="${share === 1 ? 'end' : 'middle'}" font-size="11">${short((end * share) / 60)}</text>`,
  );
  return `<rect x="${EDGE.left}" y="${EDGE.top}" width="${(right - EDGE.left) * WARM_UP}" height="${bottom - EDGE.top}" fill="#f0f2f4"/>
<text x="${EDGE.left}" y="20" font-size="13" font-weight="600">${one.title}${unit}</text>
<text x="${EDGE.left}" y="37" font-size="11" fill="${colour}">${rise}${verdict}</text>
${[...rows, ...columns].join('')}
<polyline points="${line(points)}" fill="none" stroke="${colour}" stroke-width="1.6"/>
<polyline points="${line(fitted)}" fill="none" stroke="#39434b" stroke-width="1" stroke-dasharray="4 3"/>`;
}

/** Room for what is allowed, so that noise does not look like a mountain; never below zero where nothing is. */
function range(least: number, most: number, allowed: number): [number, number] {
  const room = Math.max(allowed - (most - least), (most - least) * 0.08, most * 0.02, 0.05);
  return [least - room < 0 ? 0 : least - room / 2, most + room / 2];
}

function short(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2);
}

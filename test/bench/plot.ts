/** One line of a plot. */
export interface Series {
  name: string;
  colour: string;
  points: readonly (readonly [x: number, y: number])[];
  /** What every point is marked with, and whether the line is dashed: they tell what a colour may not. */
  marker?: Marker;
  dashed?: boolean;
}

export type Marker = 'circle' | 'square' | 'triangle';

const WIDTH = 900;
/** Of the lines' part, pixels. */
const HEIGHT = 340;
const LEFT = 84;
const RIGHT = 30;
const LEGEND = { top: 48, row: 24, columns: 3 };
const BELOW = 58;

/** Lines over a common axis from zero under their legend, as an SVG that opens anywhere. */
export function plot(title: string, xTitle: string, yTitle: string, series: readonly Series[]): string {
  const all = series.flatMap(({ points }) => points);
  const farthest = Math.max(...all.map(([x]) => x));
  const tallest = Math.max(...all.map(([, y]) => y));
  const step = niceStep(tallest / 5);
  const highest = step * Math.ceil((tallest * 1.05) / step);
  const top = LEGEND.top + Math.ceil(series.length / LEGEND.columns) * LEGEND.row + 4;
  const bottom = top + HEIGHT;
  const x = (value: number) => LEFT + (value / farthest) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => bottom - (value / highest) * HEIGHT;
  const rows = ticks(highest, step).map(
    (value) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}" stroke="${value === 0 ? '#7d878e' : '#d7dce0'}"/><text x="${LEFT - 9}" y="${y(value) + 5}" text-anchor="end">${value.toLocaleString('en')}</text>`,
  );
  const columns = ticks(farthest, niceStep(farthest / 8)).map(
    (value) =>
      `<line x1="${x(value)}" x2="${x(value)}" y1="${bottom}" y2="${bottom + 5}" stroke="#7d878e"/><text x="${x(value)}" y="${bottom + 21}" text-anchor="middle">${value.toLocaleString('en')}</text>`,
  );
  const lines = series.map((one) =>
    drawLine(
      one,
      one.points.map(([px, py]) => [x(px), y(py)]),
    ),
  );
  const legend = series.map((one, index) => {
    const left = LEFT + (index % LEGEND.columns) * ((WIDTH - LEFT - RIGHT) / LEGEND.columns);
    const middle = LEGEND.top + Math.floor(index / LEGEND.columns) * LEGEND.row;
    const sample = [left, left + 20, left + 40].map((at): [number, number] => [at, middle]);
    return `${drawLine(one, sample, 1)}<text x="${left + 50}" y="${middle + 5}">${one.name}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${bottom + BELOW}" font-family="system-ui, sans-serif" font-size="15" fill="#26303a">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${LEFT}" y="26" font-size="18" font-weight="600">${title}</text>
${legend.join('\n')}
${[...rows, ...columns].join('\n')}
${lines.join('\n')}
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${bottom + 45}" text-anchor="middle">${xTitle}</text>
<text transform="translate(20 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${yTitle}</text>
</svg>
`;
}

/** @param only index of the one point that is marked; left out: all are */
function drawLine(
  { colour, marker, dashed = false }: Series,
  points: readonly (readonly [x: number, y: number])[],
  only?: number,
): string {
  const path = points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  const dashes = dashed ? ' stroke-dasharray="8 5"' : '';
  const marked = only === undefined ? points : [points[only]];
  const marks = marker ? marked.map(([x, y]) => drawMarker(marker, x, y, colour, dashed)) : [];
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2.5"${dashes}/>${marks.join('')}`;
}

/** Of dashed lines hollow. */
function drawMarker(marker: Marker, x: number, y: number, colour: string, hollow: boolean): string {
  const corners: Record<Marker, string> = {
    circle: 'm-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0 -11 0z',
    square: 'm-5 -5h10v10h-10z',
    triangle: 'm0 -6.5l6.5 11.5h-13z',
  };
  const fill = hollow ? '#ffffff' : colour;
  return `<path d="M${x.toFixed(1)} ${y.toFixed(1)}${corners[marker]}" fill="${fill}" stroke="${colour}" stroke-width="2"/>`;
}

/** From 0 to the limit, without the noise of binary fractions. */
function ticks(limit: number, step: number): number[] {
  return Array.from({ length: Math.floor(limit / step + 1e-9) + 1 }, (_, i) =>
    Number((i * step).toPrecision(12)),
  );
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= least)!;
}

/** One line of a plot. */
export interface Series {
  name: string;
  colour: string;
  points: readonly (readonly [x: number, y: number])[];
}

const WIDTH = 900;
const HEIGHT = 420;
const EDGE = { left: 70, right: 150, top: 40, bottom: 50 };

/** Lines over a common axis from zero, as an SVG that opens anywhere. */
export function plot(title: string, xTitle: string, yTitle: string, series: readonly Series[]): string {
  const all = series.flatMap(({ points }) => points);
  const farthest = Math.max(...all.map(([x]) => x));
  const step = niceStep(Math.max(...all.map(([, y]) => y)) / 5);
  const highest = step * Math.ceil((Math.max(...all.map(([, y]) => y)) * 1.05) / step);
  const x = (value: number) => EDGE.left + (value / farthest) * (WIDTH - EDGE.left - EDGE.right);
  const y = (value: number) => HEIGHT - EDGE.bottom - (value / highest) * (HEIGHT - EDGE.top - EDGE.bottom);
  const rows = Array.from({ length: Math.round(highest / step) + 1 }, (_, i) => i * step);
  const columns = Array.from({ length: 6 }, (_, i) => (farthest * i) / 5);
  const grid = [
    ...rows.map(
      (value) =>
        `<line x1="${EDGE.left}" x2="${WIDTH - EDGE.right}" y1="${y(value)}" y2="${y(value)}" stroke="#d7dce0"/><text x="${EDGE.left - 8}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
    ),
    ...columns.map(
      (value) =>
        `<text x="${x(value)}" y="${HEIGHT - EDGE.bottom + 20}" text-anchor="middle">${Math.round(value).toLocaleString('en')}</text>`,
    ),
  ];
  const lines = series.map(({ name, colour, points }) => {
    const path = points.map(([px, py]) => `${x(px).toFixed(1)},${y(py).toFixed(1)}`).join(' ');
    const [, last] = points.at(-1) ?? [0, 0];
    return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/><text x="${WIDTH - EDGE.right + 8}" y="${y(last) + 4}" fill="${colour}">${name}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="13" fill="#39434b">
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${EDGE.left}" y="24" font-size="16" font-weight="600">${title}</text>
${grid.join('\n')}
${lines.join('\n')}
<text x="${(EDGE.left + WIDTH - EDGE.right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${xTitle}</text>
<text transform="translate(18 ${HEIGHT / 2}) rotate(-90)" text-anchor="middle">${yTitle}</text>
</svg>
`;
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= least)!;
}

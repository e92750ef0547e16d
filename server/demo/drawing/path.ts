/** x and y in the units of the drawing. */
export type Point = readonly [x: number, y: number];

const round = (value: number) => Math.round(value * 100) / 100;

/**
 * A smooth line through points as SVG path data: a Catmull-Rom spline written as cubic Béziers
 * (E. Catmull, R. Rom, "A class of local interpolating splines", 1974).
 *
 * @param tension 0.5 is the classic spline; smaller is tighter, 0 gives straight lines
 */
export function smooth(points: readonly Point[], closed = true, tension = 0.5): string {
  const count = points.length;
  const at = (index: number): Point =>
    closed ? points[(index + count) % count] : points[Math.max(0, Math.min(count - 1, index))];
  const [x, y] = at(0);
  let data = `M${round(x)} ${round(y)}`;
  for (let index = 0; index < (closed ? count : count - 1); index++) {
    const [before, from, to, after] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
    const third = tension / 3;
    const control = [
      from[0] + (to[0] - before[0]) * third,
      from[1] + (to[1] - before[1]) * third,
      to[0] - (after[0] - from[0]) * third,
      to[1] - (after[1] - from[1]) * third,
      ...to,
    ];
    data += `C${control.map(round).join(' ')}`;
  }
  return closed ? `${data}Z` : data;
}

/** Straight lines through points as SVG path data. */
export function straight(points: readonly Point[], closed = true): string {
  return `M${points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L')}${closed ? 'Z' : ''}`;
}

/** Half an outline, top to bottom on the right, completed by its mirror image. */
export function mirrored(right: readonly Point[]): Point[] {
  const left = right
    .filter(([x]) => x !== 0)
    .reverse()
    .map(([x, y]): Point => [-x, y]);
  return [...right, ...left];
}

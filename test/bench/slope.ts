export interface Slope {
  /** Least-squares rise of y for each unit of x. */
  perUnit: number;
  /** Half the width of the 95 % confidence interval of `perUnit`. */
  bound: number;
  /** Where the line meets x = 0. */
  start: number;
}

/**
 * The straight line through points, by least squares, and how sure its slope is. Neighbouring samples of memory resemble each
 * other, so the points are worth fewer than they are: the interval is widened by their first-order autocorrelation
 * (n (1 - r) / (1 + r) effective points, Wilks 2011, eq. 5.12).
 */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): Slope {
  const n = points.length;
  if (n < 3) throw new RangeError(`a slope needs three points, not ${n}`);
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let across = 0;
  let along = 0;
  for (const [x, y] of points) {
    across += (x - meanX) ** 2;
    along += (x - meanX) * (y - meanY);
  }
  const perUnit = along / across;
  const start = meanY - perUnit * meanX;
  const rest = points.map(([x, y]) => y - start - perUnit * x);
  const squares = rest.reduce((sum, value) => sum + value * value, 0);
  let together = 0;
  for (let i = 1; i < n; i += 1) together += rest[i] * rest[i - 1];
  const likeness = squares === 0 ? 0 : Math.min(0.95, Math.max(0, together / squares));
  const worth = Math.max(3, n * ((1 - likeness) / (1 + likeness)));
  const error = Math.sqrt(squares / (worth - 2) / across);
  return { perUnit, bound: 1.96 * error, start };
}

/** A share of counted comparisons, and how far the truth may lie from it. */
export interface Proportion {
  /** count / of, 0..1. */
  rate: number;
  count: number;
  of: number;
  /** Bounds of the 95 % confidence interval, 0..1. */
  low: number;
  high: number;
}

/** Two-sided error of every interval here: 5 %. */
const ALPHA = 0.05;

/**
 * A share with its exact 95 % interval (Clopper and Pearson 1934, "The use of confidence or fiducial limits
 * illustrated in the case of the binomial"): the truth lies within it at least 95 times in 100, also where few or no
 * errors were counted, which is where shorter intervals promise too much. It takes the comparisons as independent;
 * where they are not, `effective` says how many independent ones they are worth (effective-count.ts).
 *
 * @param of > 0; null comes back where nothing was compared
 */
export function proportion(count: number, of: number, effective: number = of): Proportion | null {
  if (of <= 0) return null;
  const rate = count / of;
  // Korn and Graubard 1998: the same interval with the effective numbers, which need not be whole.
  const errors = rate * effective;
  return {
    rate,
    count,
    of,
    low: errors === 0 ? 0 : betaQuantile(ALPHA / 2, errors, effective - errors + 1),
    high: count === of ? 1 : betaQuantile(1 - ALPHA / 2, errors + 1, effective - errors),
  };
}

/** The x at which the beta distribution with the shapes a, b > 0 reaches the probability p, 0 < p < 1. */
export function betaQuantile(p: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  // Halving 60 times goes below what a double holds; the distribution never falls, so it cannot miss.
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (betaDistribution(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The regularised incomplete beta function I_x(a, b): by its continued fraction (DLMF 8.17.22). */
function betaDistribution(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean only; above it the other tail is taken.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaDistribution(1 - x, b, a);
  const front = Math.exp(
    a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b) - Math.log(a),
  );
  return front / continuedFraction(x, a, b);
}

/** 1 + d1/(1 + d2/(1 + ...)), by Lentz's method. */
function continuedFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let value = 1;
  let c = 1;
  let d = 0;
  for (let n = 1; n <= 2000; n += 1) {
    const m = Math.floor(n / 2);
    const term =
      n % 2 === 0
        ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
        : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + term * d, tiny);
    c = nonZero(1 + term / c, tiny);
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < 1e-14) break;
  }
  return value;
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** ln Gamma(x) for x > 0: Stirling's series (DLMF 5.11.1) after moving x above 10, good to 1e-13. */
function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 10; at += 1) shift += Math.log(at);
  const inverse = 1 / at;
  const square = inverse * inverse;
  const series =
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))));
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

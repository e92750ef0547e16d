export interface Limit {
  /** The largest number that held; 0: not even one did. */
  held: number;
  /** The smallest that did not; null: none of those tried. */
  failed: number | null;
  /** Whether nothing lies between; false: time ran out, or the most that was to be tried held. */
  exact: boolean;
}

/** The first step away from where the search starts is this part of it. */
const FIRST_STEP = 1 / 4;

/**
 * Looks for the largest number that holds: from `start` on up or down, each step twice as long as the one before, until
 * it lies between two numbers; then by halving what lies between.
 *
 * @param holds null: there is no time left to try
 * @param most the largest number to try
 * @param start the number that is expected
 */
export async function searchLimit(
  holds: (number: number) => Promise<boolean | null>,
  most: number,
  start = 1,
): Promise<Limit> {
  let held = 0;
  let failed: number | null = null;
  let step = Math.max(1, Math.floor(start * FIRST_STEP));
  let next = Math.min(most, Math.max(1, start));
  for (;;) {
    const answer = await holds(next);
    if (answer === null) return { held, failed, exact: false };
    if (answer) held = next;
    else failed = next;
    if (failed !== null && failed - held <= 1) return { held, failed, exact: true };
    if (held >= most) return { held, failed, exact: false };
    if (failed === null) next = Math.min(most, held + step);
    else next = held === 0 ? Math.max(1, failed - step) : (held + failed) >> 1;
    step *= 2;
  }
}

/**
 * Numbers to measure beside those that held, so that a slope over them says something: a half and a quarter of the
 * largest, as far as three are not there yet.
 *
 * @param held the numbers that held
 */
export function forSlope(held: readonly number[]): number[] {
  const known = new Set(held);
  const largest = Math.max(0, ...known);
  const others = [0.5, 0.25, 0.75]
    .map((share) => Math.max(1, Math.round(largest * share)))
    .filter((number, index, all) => number < largest && !known.has(number) && all.indexOf(number) === index);
  return others.slice(0, Math.max(0, LEAST_NUMBERS - known.size));
}

/** Numbers of cameras that a slope needs at least. */
export const LEAST_NUMBERS = 3;

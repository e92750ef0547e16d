const FIRST_MS = 250;
const LONGEST_MS = 5_000;

/**
 * How long to wait before the next try, milliseconds: doubling from 250 up to 5,000, then spread by `random`
 * (0..1) over 75 to 125 % so that many desks do not return in the same instant.
 */
export function backoff(tries: number, random: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(tries, 10)) * (0.75 + random / 2);
}

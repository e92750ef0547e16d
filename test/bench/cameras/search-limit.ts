export interface Limit {
  /** The largest number that held; 0: not even the first did. */
  held: number;
  /** The smallest that did not; null: none of those tried. */
  failed: number | null;
  /** Whether nothing lies between; false: time ran out, or the most that was to be tried held. */
  exact: boolean;
}

/**
 * Looks for the largest number that holds: doubling until one does not, then halving what lies between.
 *
 * @param holds null: there is no time left to try
 * @param most the largest number to try
 */
export async function searchLimit(
  holds: (number: number) => Promise<boolean | null>,
  most: number,
): Promise<Limit> {
  let held = 0;
  let failed: number | null = null;
  for (;;) {
    if (failed !== null && failed - held <= 1) return { held, failed, exact: true };
    if (held >= most) return { held, failed, exact: false };
    const next: number = failed === null ? Math.min(most, Math.max(1, held * 2)) : (held + failed) >> 1;
    const answer = await holds(next);
    if (answer === null) return { held, failed, exact: false };
    if (answer) held = next;
    else failed = next;
  }
}

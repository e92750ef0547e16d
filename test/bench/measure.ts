/** Of several values: the middle one and the quarters around it. */
export interface Spread {
  median: number;
  lower: number;
  upper: number;
}

/** The value below which a share of the sorted values lies, interpolated. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function spread(values: readonly number[]): Spread {
  return { median: median(values), lower: quantile(values, 0.25), upper: quantile(values, 0.75) };
}

/** The median of the rounds' own ratios: what slows a whole round slows both sides of it. */
export function ratio(slow: readonly number[], fast: readonly number[]): number {
  return median(slow.map((value, round) => value / fast[round]));
}

/** What one slice of a lap took. */
export interface Slice {
  /** Of each call, ms. */
  times: number[];
  /** Processor time a call, all threads together, ms; null where the process did more than the work. */
  cpuMs: number | null;
}

/** One value a round. */
export interface Rounds {
  /** Median of the round's calls, ms. */
  ms: number[];
  /** Processor time a call, ms; empty where that is not known. */
  cpuMs: number[];
}

/** Something that can be run again and again. */
export interface Lap {
  readonly id: string;
  /** Runs for about that long, at least once, and answers with what that took; null: it fell out. */
  readonly run: (sliceMs: number) => Promise<Slice | null>;
}

export interface Interleaving {
  rounds: number;
  /** How long each lap runs in a round, ms. */
  sliceMs: number;
  /** Before each lap: how many of all are done, and which comes now. */
  progress?: (done: number, of: number, id: string) => void;
}

/**
 * Runs every lap once a round, one after another, so that whatever else the machine does hits all alike. The first
 * round warms up and is thrown away. Answers for every lap that came through all rounds.
 */
export async function interleave(
  laps: readonly Lap[],
  { rounds, sliceMs, progress }: Interleaving,
): Promise<Map<string, Rounds>> {
  const results = new Map<string, Rounds>(laps.map(({ id }) => [id, { ms: [], cpuMs: [] }]));
  const total = laps.length * (rounds + 1);
  let done = 0;
  for (let round = -1; round < rounds; round += 1)
    for (const { id, run } of laps) {
      progress?.(done, total, id);
      done += 1;
      const values = results.get(id);
      if (!values) continue;
      const slice = await run(round < 0 ? 0 : sliceMs);
      if (slice === null) results.delete(id);
      else if (round >= 0) {
        values.ms.push(median(slice.times));
        if (slice.cpuMs !== null) values.cpuMs.push(slice.cpuMs);
      }
    }
  return results;
}

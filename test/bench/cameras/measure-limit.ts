import { heldWithoutLoss } from './judge-step.js';
import type { Step } from './report.js';
import { forSlope, searchLimit, type Limit } from './search-limit.js';

/** With more processors than this busy with other programs, a number of cameras that did not hold is tried again. */
const DISTURBED = 0.2;

/**
 * Looks for the largest number of cameras that holds, then for the largest that does without loss, then for what a slope
 * needs. No number is measured twice, but where others disturbed it.
 *
 * @param attempt measures a number; null: the product did not even come up
 * @param until when to stop beginning with another number, as `performance.now`
 */
export async function measureLimit(
  attempt: (count: number) => Promise<Step | null>,
  { start, most, until }: { start: number; most: number; until: number },
): Promise<Limit> {
  const tried = new Map<number, Step | null>();
  let lastMs = 0;
  /** undefined: there is no time left. */
  const at = async (count: number): Promise<Step | null | undefined> => {
    if (tried.has(count)) return tried.get(count)!;
    if (performance.now() + lastMs > until) return undefined;
    const began = performance.now();
    let step = await attempt(count);
    // It may have been the others' fault: a second time decides.
    if (step && !step.held && step.cores.others > DISTURBED && performance.now() < until)
      step = await attempt(count);
    lastMs = performance.now() - began;
    tried.set(count, step);
    return step;
  };
  const search = (holds: (step: Step) => boolean, from: number): Promise<Limit> =>
    searchLimit(
      async (count) => {
        const step = await at(count);
        return step === undefined ? null : step !== null && holds(step);
      },
      most,
      from,
    );
  const limit = await search(({ held }) => held, start);
  if (limit.held > 0) await search(heldWithoutLoss, limit.held);
  const sound = [...tried.values()].filter((step) => step !== null && heldWithoutLoss(step));
  for (const count of forSlope(sound.map((step) => step!.cameras))) await at(count);
  return limit;
}

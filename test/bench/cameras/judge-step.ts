import { kinds } from './kinds.js';
import type { Step } from './report.js';

/** What a step must keep to hold. */
export const limits = {
  /** Frame to event at p95, ms. */
  frameToEventMs: 1_000,
  /** Part of the enrolled walkers who have to be named, where all cameras are busy. */
  named: 0.95,
  /** Part of the wanted frames that may be lost for a number to count as one without loss. */
  lost: 0.1,
  /** Part of the visits that may begin where nobody was drawn. */
  unplaced: 0.2,
};

/** Whether what was measured is still a server that does its work, and if not, the first reason why. */
export function judgeStep({ down, ...found }: Omit<Step, 'held' | 'why' | 'lost'> & { down: number }): Step {
  const { fps, crossings, frameToEventMs, unplaced } = found;
  const lost = Math.max(0, 1 - fps.recognised / Math.max(fps.wanted ?? fps.arrived, 1e-9));
  const visits = (frameToEventMs?.count ?? 0) + unplaced;
  const isBusy = kinds.find(({ name }) => name === found.kind)!.content === 'busy';
  const { whole, named } = crossings;
  const reasons: [boolean, string][] = [
    [down > 0, `${down} cameras were not live`],
    [visits === 0, 'no visit was told'],
    [unplaced > limits.unplaced * visits, `${unplaced} of ${visits} visits were told too late, or were none`],
    [
      (frameToEventMs?.p95 ?? 0) > limits.frameToEventMs,
      `an event came ${frameToEventMs?.p95} ms after its frame at p95`,
    ],
    [isBusy && whole === 0, 'nobody crossed a picture; measure for longer'],
    [isBusy && named < limits.named * whole, `${named} of ${whole} people were named`],
  ];
  const why = reasons.find(([fails]) => fails)?.[1] ?? null;
  return { ...found, lost, held: why === null, why };
}

/** Whether it held, and hardly a frame was lost. */
export function heldWithoutLoss(step: Step): boolean {
  return step.held && step.lost <= limits.lost;
}

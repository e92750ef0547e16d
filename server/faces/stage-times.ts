/** The stages of recognition that are timed, in their order. */
export const timedStages = ['detect', 'landmarks', 'quality', 'embed', 'liveness'] as const;
export type TimedStage = (typeof timedStages)[number];

/** Where the time of one batch went, as plain numbers that cross from a worker. */
export interface BatchTimes {
  /** Seconds of each of `timedStages` for the whole batch; 0 for one that was not needed. */
  readonly stages: readonly number[];
  /** Seconds that each picture took, in order: finding its faces, and its faces' part of what is done for all together. */
  readonly pictures: readonly number[];
}

/** A stopwatch for one batch. */
export class StageTimes implements BatchTimes {
  readonly stages = timedStages.map(() => 0);
  readonly pictures: number[];
  readonly #now: () => number;

  /**
   * @param count of the batch's pictures
   * @param now monotonic ms
   */
  constructor(count: number, now: () => number) {
    this.pictures = Array<number>(count).fill(0);
    this.#now = now;
  }

  /**
   * Times one stage.
   *
   * @param of index of the picture that each piece of work belongs to: what is done for several pictures together is
   *   counted to them by their number of pieces
   */
  async time<R>(stage: TimedStage, of: readonly number[], work: () => R | Promise<R>): Promise<R> {
    const began = this.#now();
    try {
      return await work();
    } finally {
      const seconds = (this.#now() - began) / 1000;
      this.stages[timedStages.indexOf(stage)] += of.length === 0 ? 0 : seconds;
      for (const index of of) this.pictures[index] += seconds / of.length;
    }
  }
}

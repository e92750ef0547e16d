import type { DeskClock } from '../../dashboard/clock.js';

/** A desk's clock that stands still until it is told to go on. */
export interface FakeDeskClock extends DeskClock {
  /** Does everything that is due within the next `ms` milliseconds, in order. */
  advance(ms: number): void;
  /** How many timers are set. */
  pending(): number;
}

export function fakeDeskClock(start = Date.UTC(2030, 0, 1, 12)): FakeDeskClock {
  let now = start;
  let timers: { due: number; act: () => void }[] = [];
  return {
    now: () => now,
    after: (ms, act) => {
      const timer = { due: now + ms, act };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance: (ms) => {
      const until = now + ms;
      for (;;) {
        const next = timers
          .filter(({ due }) => due <= until)
          .sort((a, b) => a.due - b.due)
          .at(0);
        if (next === undefined) break;
        timers = timers.filter((other) => other !== next);
        now = next.due;
        next.act();
      }
      now = until;
    },
    pending: () => timers.length,
  };
}

/** A host that only counts how often it was asked to render. */
export function fakeHost() {
  return {
    updates: 0,
    addController: () => undefined,
    removeController: () => undefined,
    requestUpdate() {
      this.updates += 1;
    },
    updateComplete: Promise.resolve(true),
  };
}

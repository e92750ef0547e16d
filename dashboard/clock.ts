/** Time, handed to every controller, so that tests can draw it. */
export interface DeskClock {
  /** Milliseconds since the epoch, by this browser. */
  now(): number;
  /** Calls `act` once, `ms` from now; the function returned calls it off. */
  after(ms: number, act: () => void): () => void;
}

export const browserClock: DeskClock = {
  now: () => Date.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
};

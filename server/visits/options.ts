/** When a visit starts, is decided and ends. Times in ms; a look is one face of one frame, embedded and matched. */
export interface VisitOptions {
  /** Looks after which a visit starts: one may be a false detection. */
  confirmingFrames: number;
  /** Looks that have to name the same person, out of the latest `windowFrames`. */
  agreeingFrames: number;
  windowFrames: number;
  /** A visit without a name is unknown after at least so many looks ... */
  unknownFrames: number;
  /** ... and at least so long after its first one. */
  unknownMs: number;
  /** Somebody out of sight for longer than this has left. */
  graceMs: number;
  /** Looks in a row that have to name one other person before a decided visit is taken to be somebody else's. */
  contradictingFrames: number;
  /**
   * Looks in a row that are clearly not the person recognised, nor anybody else, and the time they span, before
   * somebody unknown is taken to have taken the person's place. Longer, for a known face that turns away looks
   * like nobody as well.
   */
  strangerFrames: number;
  strangerMs: number;
  /** A face that was never good enough to be embedded is unknown after this long: it will not get better by itself. */
  unusableMs: number;
  /** Somebody recognised, and somebody unknown, is looked at again after this long; a sure track is not embedded in between. */
  recheckMs: number;
  recheckUnknownMs: number;
}

export const defaultVisitOptions: VisitOptions = {
  confirmingFrames: 2,
  agreeingFrames: 3,
  windowFrames: 5,
  unknownFrames: 8,
  unknownMs: 1_500,
  graceMs: 4_000,
  contradictingFrames: 5,
  strangerFrames: 15,
  strangerMs: 4_000,
  unusableMs: 6_000,
  recheckMs: 3_000,
  recheckUnknownMs: 1_000,
};

/** The defaults with what the operator changed; the window grows with the frames that have to agree. */
export function visitOptions(changed: Partial<VisitOptions> = {}): VisitOptions {
  const options = { ...defaultVisitOptions, ...changed };
  const windowFrames = Math.max(options.windowFrames, Math.ceil((options.agreeingFrames * 5) / 3));
  return {
    ...options,
    windowFrames,
    unknownFrames: Math.max(options.unknownFrames, options.agreeingFrames),
    contradictingFrames: Math.max(options.contradictingFrames, options.agreeingFrames),
  };
}

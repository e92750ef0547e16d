import type { Moment } from '../base/clock.js';
import { MERGED, resume, takeBack } from './exchange.js';
import { visitOptions, type VisitOptions } from './options.js';
import type { Sighting } from './sighting.js';
import { looksOf, newStay, renewed, withLook, type Stay } from './stay.js';
import { associate, follow, type Look } from './track.js';
import { decide } from './verdict.js';
import { decided, ended, started, type Visit, type VisitOutput } from './visit-draft.js';

/** Everybody before one camera. Plain data; every step makes a new one. */
export interface VisitState {
  readonly camera: string;
  readonly options: VisitOptions;
  /** Begins every visit's id; has to be another for every start of the server. */
  readonly run: string;
  readonly count: number;
  readonly frame: { width: number; height: number };
  readonly stays: readonly Stay[];
  readonly latestAt: number | null;
  /** Typical time between two sightings, ms: at one frame in five seconds, four without a face mean nothing. */
  readonly intervalMs: number;
}

export interface VisitStep {
  state: VisitState;
  events: VisitOutput[];
}

const RECENT_MS = 1_000;
const MAX_INTERVAL_MS = 10_000;

/** Nobody there yet. @param run unique to this start of the server, for example a random id */
export function noVisits(camera: string, run: string, options: Partial<VisitOptions> = {}): VisitState {
  const frame = { width: 0, height: 0 };
  return {
    camera,
    options: visitOptions(options),
    run,
    count: 0,
    frame,
    stays: [],
    latestAt: null,
    intervalMs: 0,
  };
}

/**
 * Folds one sighting into the visits of its camera. Of each visit there is one `visit.started`, at most one
 * verdict (`visit.recognised` or `visit.unknown`), and one `visit.ended`, in this order. Whoever is seen for
 * `unknownFrames` looks over `unknownMs` has a verdict at the latest after twice as many; who was there for
 * too short a time for several looks to agree has none, since one look proves nothing either way. Whoever never shows
 * a face that is good enough to be embedded is unknown after `unusableMs`.
 *
 * A verdict never changes. Where the looks contradict it clearly and lastingly, the visit ends and another
 * begins, or, where two people were mistaken for each other, they take back their own visits in silence.
 */
export function sight(before: VisitState, sighting: Sighting): VisitStep {
  const now = { wall: sighting.capturedAt, monotonic: sighting.arrivedAt };
  const expired = tick(before, now);
  const step = new Step(
    { ...expired.state, frame: sighting.frame, ...intervalAt(before, now.monotonic) },
    expired.events,
  );
  step.take(sighting);
  return step.done();
}

/** Ends the visits of those who have been out of sight for longer than the grace period. */
export function tick(state: VisitState, now: Moment): VisitStep {
  const grace = Math.max(state.options.graceMs, state.intervalMs * 2);
  const isOver = (stay: Stay) => now.monotonic - stay.track.latest.arrivedAt > grace;
  if (!state.stays.some(isOver)) return { state, events: [] };
  const events = state.stays.filter(isOver).flatMap(({ visit }) => (visit ? [ended(visit, now, state)] : []));
  return { state: { ...state, stays: state.stays.filter((stay) => !isOver(stay)) }, events };
}

/** Ends every visit at once: the camera is gone, or the server stops. */
export function endAll(state: VisitState, now: Moment): VisitStep {
  const events = state.stays.flatMap(({ visit }) => (visit ? [ended(visit, now, state)] : []));
  return { state: { ...state, stays: [], latestAt: null }, events };
}

function intervalAt({ latestAt, intervalMs }: VisitState, now: number) {
  if (latestAt === null) return { latestAt: now, intervalMs };
  const elapsed = Math.min(Math.max(0, now - latestAt), MAX_INTERVAL_MS);
  return { latestAt: now, intervalMs: intervalMs === 0 ? elapsed : intervalMs * 0.8 + elapsed * 0.2 };
}

/** One sighting being folded in. */
class Step {
  #state: VisitState;
  #stays: Stay[];
  readonly #events: VisitOutput[];

  constructor(state: VisitState, events: VisitOutput[]) {
    this.#state = state;
    this.#stays = [...state.stays];
    this.#events = events;
  }

  done(): VisitStep {
    return { state: { ...this.#state, stays: this.#stays }, events: this.#events };
  }

  take(sighting: Sighting): void {
    const looks = looksOf(sighting);
    const recentMs = Math.max(RECENT_MS, this.#state.intervalMs * 1.5);
    const faces = associate(
      this.#stays.map(({ track }) => track),
      sighting,
      recentMs,
    );
    const fresh = new Set(looks);
    this.#stays = this.#stays.map((stay, index) => {
      if (faces[index] === -1) return { ...stay, seen: false };
      const look = looks[faces[index]];
      fresh.delete(look);
      return withLook(stay, look, this.#state.options);
    });
    // One look that nothing followed was no face.
    this.#stays = this.#stays.filter(
      ({ visit, seen, track }) => visit || seen || sighting.arrivedAt - track.latest.arrivedAt <= recentMs,
    );
    for (const look of fresh) this.#stays.push(newStay(look));
    // By index, for a stay may change places with another on the way.
    for (let index = 0; index < this.#stays.length; index += 1) {
      if (this.#stays[index].seen) this.#judge(index);
    }
    this.#stays = this.#stays.filter((stay) => stay !== MERGED);
  }

  #judge(index: number): void {
    const { confirmingFrames, contradictingFrames, strangerFrames, strangerMs } = this.#state.options;
    const stay = this.#stays[index];
    const { latest } = stay.track;
    if (!stay.visit) {
      if (stay.looks < confirmingFrames) return;
      this.#start(index);
    }
    const { visit, against, strange } = this.#stays[index] as Stay & { visit: Visit };
    if (!visit.verdict) {
      this.#decide(index);
    } else if (against.length >= contradictingFrames) {
      if (!this.#takeBack(index)) this.#replace(index, against);
    } else if (
      strange &&
      strange.count >= strangerFrames &&
      latest.arrivedAt - strange.first.arrivedAt >= strangerMs
    ) {
      this.#replace(index, [strange.first, ...stay.window.slice(-strange.count)], strange.count);
    }
  }

  #start(index: number): void {
    const stay = this.#stays[index];
    const { latest } = stay.track;
    const count = this.#state.count + 1;
    this.#state = { ...this.#state, count };
    const visit: Visit = {
      id: `${this.#state.run}-${count}`,
      first: stay.first,
      last: latest,
      verdict: null,
    };
    this.#stays[index] = { ...stay, visit };
    this.#events.push(started(visit, latest, this.#state));
  }

  #decide(index: number): void {
    const stay = this.#stays[index] as Stay & { visit: Visit };
    const { latest } = stay.track;
    const sinceMs = latest.arrivedAt - stay.first.arrivedAt;
    const verdict =
      decide(stay.window, stay.embeddedLooks, sinceMs, this.#state.options) ??
      (stay.embeddedLooks === 0 && sinceMs >= this.#state.options.unusableMs
        ? { person: null, look: latest }
        : null);
    if (!verdict) return;
    if (verdict.person && this.#resume(index, verdict.person.id)) return;
    const visit = { ...stay.visit, verdict };
    this.#stays[index] = renewed(stay, visit);
    this.#events.push(decided(visit, verdict, latest, this.#state));
  }

  #resume(index: number, person: string): boolean {
    const resumed = resume(this.#stays, index, person);
    if (!resumed) return false;
    const { capturedAt, arrivedAt } = this.#stays[index].track.latest;
    this.#stays = resumed.stays;
    if (resumed.over)
      this.#events.push(ended(resumed.over, { wall: capturedAt, monotonic: arrivedAt }, this.#state));
    return true;
  }

  #takeBack(index: number): boolean {
    const stays = takeBack(this.#stays, index);
    this.#stays = stays ?? this.#stays;
    return stays !== null;
  }

  /** Ends a visit whose person is no longer the one in the picture, and starts that one's. */
  #replace(index: number, looks: readonly Look[], count = looks.length): void {
    const stay = this.#stays[index] as Stay & { visit: Visit };
    const { latest } = stay.track;
    this.#events.push(
      ended(stay.visit, { wall: latest.capturedAt, monotonic: latest.arrivedAt }, this.#state),
    );
    const track = { ...follow(null, latest), velocity: stay.track.velocity };
    const window = looks.slice(-this.#state.options.windowFrames);
    this.#stays[index] = {
      ...newStay(looks[0]),
      track,
      window,
      looks: count,
      embeddedLooks: count,
      seen: true,
    };
    this.#start(index);
    this.#decide(index);
  }
}

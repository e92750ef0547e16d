import {
  concat,
  defer,
  filter,
  interval,
  map,
  merge,
  mergeMap,
  of,
  scan,
  share,
  takeUntil,
  type OperatorFunction,
} from 'rxjs';
import { momentOf, type Moment } from '../base/clock.js';
import { liveFaces } from '../visits/live-faces.js';
import type { VisitOutput } from '../visits/visit-draft.js';
import { endAll, noVisits, sight, tick, type VisitState, type VisitStep } from '../visits/visit.js';
import type { Attention } from './attention.js';
import type { CameraLife } from './camera-roster.js';
import type { SeenFrame, Stages } from './stages.js';

/** Somebody out of sight is noticed this often, ms. */
const TICK_MS = 500;

/** What a step of a camera's visits brought about, and the frame that did, which is still held. */
export interface VisitsStep {
  events: VisitOutput[];
  frame: SeenFrame['frame'] | null;
}

type Input = { seen: SeenFrame } | { now: Moment; end: boolean };

/**
 * Sightings and the passing of time, folded into the visits of each camera; when it goes, its visits end. Each frame is shown live with the
 * faces as the visits know them, and what they know guides how the next one is looked at.
 */
export function foldVisits(stages: Stages, attention: Attention): OperatorFunction<SeenFrame, VisitsStep> {
  const { cameras, clock, stopping } = stages;
  return (sightings) => {
    const ticks = interval(TICK_MS, clock.scheduler).pipe(
      map((): Input => ({ now: momentOf(clock), end: false })),
      takeUntil(stopping),
      share(),
    );
    const ofLife = ({ camera: { id, slot }, gone }: CameraLife, count: number) =>
      concat(
        merge(
          sightings.pipe(
            filter(({ frame }) => slot.holds(frame)),
            map((seen): Input => ({ seen })),
          ),
          ticks,
        ).pipe(takeUntil(gone)),
        defer(() => of<Input>({ now: momentOf(clock), end: true })),
      ).pipe(
        scan(
          (before: VisitsStep & { state: VisitState }, input) => fold(before.state, input, stages, attention),
          {
            // A camera's next life must not give its visits the ids of the one before.
            state: noVisits(id, `${stages.run}-${count}-${id}`, stages.visits),
            events: [],
            frame: null,
          },
        ),
      );
    return cameras.lives.pipe(takeUntil(stopping), mergeMap(ofLife));
  };
}

function fold(
  state: VisitState,
  input: Input,
  stages: Stages,
  attention: Attention,
): VisitsStep & { state: VisitState } {
  if (!('seen' in input)) {
    const step: VisitStep = (input.end ? endAll : tick)(state, input.now);
    return { ...step, frame: null };
  }
  const { frame, sighting } = input.seen;
  const step = sight(state, sighting);
  attention.follow(frame.camera, step.state);
  const latencyMs = stages.clock.monotonic() - frame.arrivedAt;
  stages.counters.recognised(frame.camera, latencyMs);
  stages.live.show(frame, {
    camera: frame.camera,
    sequence: frame.sequence,
    at: new Date(frame.capturedAt).toISOString(),
    frame: sighting.frame,
    faces: liveFaces(step.state),
    latencyMs: Math.round(latencyMs),
  });
  return { ...step, frame };
}

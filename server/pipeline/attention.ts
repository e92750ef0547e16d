import { momentOf } from '../base/clock.js';
import type { Box } from '../faces/face.js';
import type { RecogniseOptions } from '../faces/recogniser.js';
import type { Frame } from '../frames/frame.js';
import { Motion } from '../frames/motion.js';
import { regions } from '../frames/regions.js';
import { attention } from '../visits/attention.js';
import type { VisitState } from '../visits/visit.js';
import type { CameraStage, Stages } from './stages.js';

/** A whole frame is looked at this often, whatever moved, ms: nobody stays unseen for standing still. */
const WHOLE_MS = 2_000;
/** Where something moved is looked at for this long, ms: whoever comes in may be blurred at first. */
const WARM_MS = 1_000;

/**
 * How to look at a camera's next frame: where something moved or somebody is followed, and whom not to embed again.
 * The one place where what is known of a camera goes back to how its frames are recognised, and to how many it delivers.
 */
export interface Attention {
  /** How to look at this frame; null: nothing moved and nobody is followed, so that it need not be looked at. */
  lookAt(frame: Frame): RecogniseOptions | null;
  /** What the visits of a camera are after its latest sighting. */
  follow(camera: string, state: VisitState): void;
  /** The frame that was to be looked at was lost: what moved in it has not been seen. */
  lost(camera: string): void;
}

export function cameraAttention({ cameras, clock }: Pick<Stages, 'cameras' | 'clock'>): Attention {
  const known = new Map(cameras.map((camera) => [camera.id, newMemory(camera)]));
  return {
    lookAt(frame) {
      const memory = known.get(frame.camera)!;
      const { profile, liveness } = memory.stage;
      const now = momentOf(clock).monotonic;
      const moved = memory.motion.since(frame);
      if (moved && moved.length > 0) memory.moved.push({ at: now, areas: moved });
      memory.moved = memory.moved.filter(({ at }) => now - at <= WARM_MS);
      const followed = memory.state ? attention(memory.state, now) : [];
      const common = { profile, followed, poor: 'skip', liveness: liveness !== 'off' } as const;
      if (moved === null || now - memory.wholeAt >= WHOLE_MS) {
        memory.wholeAt = now;
        return { ...common, regions: null };
      }
      const areas = [...memory.moved.flatMap((each) => each.areas), ...followed.map(({ box }) => box)];
      return areas.length === 0 ? null : { ...common, regions: regions(areas, frame) };
    },
    follow(camera, state) {
      const memory = known.get(camera)!;
      memory.state = state;
      if (state.stays.length > 0) memory.stage.attend?.();
    },
    lost(camera) {
      known.get(camera)!.wholeAt = -Infinity;
    },
  };
}

function newMemory(stage: CameraStage) {
  return {
    stage,
    motion: new Motion(stage.areas?.masks),
    /** What moved lately. */
    moved: [] as { at: number; areas: Box[] }[],
    /** When the latest look at a whole frame was, monotonic ms. */
    wholeAt: -Infinity,
    state: null as VisitState | null,
  };
}

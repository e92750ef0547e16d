import { momentOf } from '../base/clock.js';
import type { Box } from '../faces/face.js';
import type { RecogniseOptions } from '../faces/recogniser.js';
import type { Frame } from '../frames/frame.js';
import { Motion } from '../frames/motion.js';
import type { Polygon } from '../frames/polygon.js';
import { regions } from '../frames/regions.js';
import { attention } from '../visits/attention.js';
import type { VisitState } from '../visits/visit.js';
import type { Counters } from './counters.js';
import type { CameraStage, Stages } from './stages.js';

/** A whole frame is looked at this often, whatever moved, ms: nobody stays unseen for standing still. */
const WHOLE_MS = 2_000;
/** Where nothing has moved and nobody was followed for so long, it is looked at that often only, ms: what is there was looked at. */
const STILL_MS = 10_000;
/** Where something moved is looked at for this long, ms: whoever comes in may be blurred at first. */
const WARM_MS = 1_000;

/**
 * How to look at a camera's next frame: where something moved or somebody is followed, and whom not to embed again.
 * The one place where what is known of a camera goes back to how its frames are recognised, and to how many it delivers.
 */
export interface Attention {
  /** How to look at this frame; null: nothing moved and nobody is followed, or its camera has gone: it need not be looked at. */
  lookAt(frame: Frame): RecogniseOptions | null;
  /** What the visits of a camera are after its latest sighting. */
  follow(camera: string, state: VisitState): void;
  /** The frame that was to be looked at was lost: what moved in it has not been seen. */
  lost(camera: string): void;
}

export function cameraAttention({
  cameras,
  clock,
  counters,
}: Pick<Stages, 'cameras' | 'clock'> & { counters: Pick<Counters, 'looked'> }): Attention {
  const memories = new WeakMap<CameraStage, Memory>();
  const memoryOf = (stage: CameraStage): Memory => {
    const memory = memories.get(stage) ?? newMemory(stage.areas?.masks);
    memories.set(stage, memory);
    return memory;
  };
  const change = (camera: string, act: (memory: Memory) => void): void => {
    const stage = cameras.get(camera);
    if (stage) act(memoryOf(stage));
  };
  return {
    lookAt(frame) {
      const stage = cameras.of(frame);
      if (!stage) return null;
      const memory = memoryOf(stage);
      const { profile, liveness } = stage;
      const now = momentOf(clock).monotonic;
      const moved = memory.motion.since(frame);
      const hasMoved = moved !== null && moved.length > 0;
      if (hasMoved) memory.moved.push({ at: now, areas: moved });
      memory.moved = memory.moved.filter(({ at }) => now - at <= WARM_MS);
      const followed = memory.state ? attention(memory.state, now) : [];
      const isFirst = moved === null || frame.isFirst;
      if (isFirst || hasMoved || followed.length > 0) memory.livelyAt = now;
      const often = now - memory.livelyAt > STILL_MS ? STILL_MS : WHOLE_MS;
      const common = { profile, followed, poor: 'skip', liveness: liveness !== 'off' } as const;
      if (isFirst || now - memory.wholeAt >= often) {
        memory.wholeAt = now;
        counters.looked(frame.camera, 'whole', hasMoved);
        return { ...common, regions: null };
      }
      const areas = [...memory.moved.flatMap((each) => each.areas), ...followed.map(({ box }) => box)];
      const parts = areas.length === 0 ? null : regions(areas, frame);
      const where = areas.length === 0 ? 'skipped' : parts === null ? 'whole' : 'regions';
      counters.looked(frame.camera, where, hasMoved);
      return where === 'skipped' ? null : { ...common, regions: parts };
    },
    follow(camera, state) {
      change(camera, (memory) => (memory.state = state));
      if (state.stays.length > 0) cameras.get(camera)?.attend?.();
    },
    lost(camera) {
      change(camera, (memory) => (memory.wholeAt = -Infinity));
    },
  };
}

type Memory = ReturnType<typeof newMemory>;

function newMemory(masks: readonly Polygon[] | undefined) {
  return {
    motion: new Motion(masks),
    /** What moved lately. */
    moved: [] as { at: number; areas: Box[] }[],
    /** When the latest look at a whole frame was, monotonic ms. */
    wholeAt: -Infinity,
    /** When something moved or somebody was followed last, monotonic ms. */
    livelyAt: -Infinity,
    state: null as VisitState | null,
  };
}

import type { ErrorCode } from '../base/errors.js';
import type { GatehouseEvent } from '../events/event.js';
import type { BatchTimes } from '../faces/stage-times.js';
import type { Frame } from '../frames/frame.js';

/** How a frame is looked at: all of it, where something moved or somebody is followed, or not at all. */
export type LookedAt = 'whole' | 'regions' | 'skipped';

/** CONTRACT: what the pipeline tells of its work as it goes by. Nothing in here may take time or throw. */
export interface Counters {
  /** It was decided how a frame of a camera is looked at. */
  looked(camera: string, where: LookedAt, moved: boolean): void;
  /** A worker is done with these frames; the times are theirs, in their order. */
  worked(frames: readonly Pick<Frame, 'camera'>[], times: BatchTimes): void;
  /** The gallery answered about the faces of one frame. */
  searched(ms: number): void;
  /** A frame of a camera went through recognition, `latencyMs` after it arrived. */
  recognised(camera: string, latencyMs: number): void;
  /** A frame was lost because something failed on it. */
  lost(camera: string, where: 'engine' | 'poisoned' | 'gallery', code: ErrorCode): void;
  /** An event was written, `writtenMs` after it was there to be written, and handed to the outlets. */
  announced(event: GatehouseEvent, writtenMs: number): void;
}

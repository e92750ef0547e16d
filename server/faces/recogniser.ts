import type { GatehouseError } from '../base/errors.js';
import type { Picture, YuvPicture } from '../frames/frame.js';
import type { DetectionProfile } from './detection-profile.js';
import type { Box, Face, FollowedFace } from './face.js';
import type { BatchTimes } from './stage-times.js';

/** How to look at one picture. */
export interface RecogniseOptions {
  /** How hard to look for faces; `balanced` unless told. */
  profile?: DetectionProfile;
  /** Parts of the picture that faces are looked for in, pixels; null or left out: all of it. Not with `photo`. */
  regions?: readonly Box[] | null;
  /** Faces that are followed already; what is found where one is expected may need no embedding. */
  followed?: readonly FollowedFace[];
  /** Whether faces that do not pass the quality gate are embedded all the same; `embed` unless told. */
  poor?: 'embed' | 'skip';
  /** Whether to hold the faces that are embedded against prints and screens; false unless told. */
  liveness?: boolean;
}

/** What is told of a batch beside its faces. */
export interface RecogniseListeners {
  timed?: (times: BatchTimes) => void;
  refused?: (index: number, error: GatehouseError) => void;
}

/** CONTRACT: pictures in, faces out. Runs off the main thread. */
export interface Recogniser {
  /** What it runs on, for /health and `doctor`, for example `onnx 1.30.0, 2 workers`. */
  readonly description: string;
  /** Name of the network that makes the embeddings; distances of two networks never compare. */
  readonly network: string;
  /** How many numbers an embedding has. */
  readonly embeddingLength: number;
  /** The largest distance at which two faces count as one person, unless the config says otherwise. */
  readonly defaultThreshold: number;
  /** How many batches it works on at once; a further call waits for a free worker. */
  readonly concurrency: number;
  /** What keeps it from working, in the operator's words; null while all is well. */
  readonly failing: string | null;
  /**
   * Finds, aligns and embeds the faces of a batch of pictures. The batch crosses to one worker; what lies in
   * shared memory is not copied. The answer has one entry a picture, in order, largest face first.
   * Rejects with ENGINE_FAILED where a worker dies or hangs (it is replaced).
   *
   * @param options for all pictures, or one entry a picture
   * @param told `timed` of where the time went, before the faces come; `refused` of a picture that cannot be recognised,
   *   by its place: PICTURE_INVALID where its pixels do not fit its size, OUTPUT_INVALID where a network answers it with
   *   no numbers. It has no faces then, and the others are none the worse. Left out: the call rejects with the first
   */
  recognise(
    pictures: readonly (Picture | YuvPicture)[],
    options?: RecogniseOptions | readonly RecogniseOptions[],
    told?: RecogniseListeners,
  ): Promise<Face[][]>;
  close(): Promise<void>;
}

/** What the worker threads of a recogniser are doing, for the metrics. */
export interface WorkerReadings {
  /** What runs the networks. */
  readonly engine: string;
  /** Threads that work or could. */
  readonly count: number;
  /** Threads with a batch in hand. */
  readonly busy: number;
  /** Seconds that batches were in threads' hands, all threads together, since start. */
  readonly busySeconds: number;
  /** Threads that were lost and replaced, since start. */
  readonly replaced: number;
}

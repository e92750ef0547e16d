import type { Observable } from 'rxjs';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { CameraStatus } from '../cameras/camera.js';
import type { Draft, GatehouseEvent } from '../events/event.js';
import type { LiveHeader } from '../events/live.js';
import type { CameraProfile } from '../faces/detection-profile.js';
import type { Box, Face } from '../faces/face.js';
import type { LivenessPolicy } from '../faces/liveness-policy.js';
import type { Recogniser } from '../faces/recogniser.js';
import type { Frame } from '../frames/frame.js';
import type { FreshestFrame } from '../frames/freshest.js';
import type { BatchOptions } from '../frames/pull-batches.js';
import type { WatchedAreas } from '../frames/watched-areas.js';
import type { GreetingsOptions } from '../greetings/greetings.js';
import type { Identities } from '../identities/identities.js';
import type { VisitOptions } from '../visits/options.js';
import type { Sighting } from '../visits/sighting.js';

/** One camera as the pipeline sees it. */
export interface CameraStage {
  readonly id: string;
  readonly slot: FreshestFrame;
  /** Subscribing starts the camera. */
  readonly status: Observable<CameraStatus>;
  /** Largest distance that counts as a match at this camera. */
  readonly threshold: number;
  /** How hard to look for faces in its frames. */
  readonly profile: CameraProfile;
  /** What is done about faces that look like pictures of faces. */
  readonly liveness: LivenessPolicy;
  /** What of its frame counts; left out: everything. */
  readonly areas?: WatchedAreas;
  /** Somebody is followed there at this moment: a camera that may be quiet is awake for some time. */
  readonly attend?: () => void;
}

/** A frame with the faces that were found in it. The frame is still held. */
export interface RecognisedFrame {
  frame: Frame;
  faces: Face[];
}

/** A frame with its faces matched. The frame is still held. */
export interface SeenFrame {
  frame: Frame;
  sighting: Sighting;
}

/** Everything the pipeline is made of; compose.ts hands it in. */
export interface Stages {
  readonly cameras: readonly CameraStage[];
  readonly batch: BatchOptions;
  readonly recogniser: Recogniser;
  readonly identities: Pick<Identities, 'match' | 'changes'>;
  readonly visits: Partial<VisitOptions>;
  /** Begins the ids of this start's visits. */
  readonly run: string;
  readonly greetings: GreetingsOptions;
  readonly live: {
    /** Copies what it needs of the frame before it returns. */
    show(frame: Frame, header: LiveHeader): void;
  };
  readonly snapshots: {
    /** Copies what it needs of the frame before it returns; resolves to whether a snapshot is kept. */
    take(visit: string, frame: Frame, box: Box): Promise<boolean>;
  };
  readonly journal: {
    /** Resolves once the events are written, in the order of the calls. */
    append(drafts: readonly Draft[]): Promise<GatehouseEvent[]>;
  };
  readonly outlets: readonly { send(event: GatehouseEvent): void }[];
  readonly counters: {
    /** A frame of a camera went through recognition, `latencyMs` after it arrived. */
    recognised(camera: string, latencyMs: number): void;
    /** A frame was lost because the engine failed on its batch. */
    lost(camera: string): void;
  };
  /** Emits once when everything is to end. */
  readonly stopping: Observable<unknown>;
  readonly clock: Clock;
  readonly log: Log;
}

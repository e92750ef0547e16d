/** What the HTTP resources answer; shared with the dashboard. */
import type { CameraState, PersonRef } from './event.js';

export interface CameraHealth {
  id: string;
  name: string;
  state: CameraState;
  /** Why, in the operator's words; null while all is well. */
  reason: string | null;
  /** Frames that arrived in the last seconds, per second. */
  fps: number;
  /** Frames that arrived and were not looked at to their end, since start; `losses.frames` of `/health` says why. */
  dropped: number;
}

/** What was lost since start. Frames are overtaken, and pictures left undecoded, wherever cameras are faster than the machine; the rest is 0 while all is well. */
export interface Losses {
  /** Of each camera: pictures of its video that were left out, for decoding was behind; and frames overtaken by a fresher one before the engine came to them, or lost to an error, by its code. */
  frames: Record<string, { undecoded: number; overtaken: number; failed: Record<string, number> }>;
  /** Events that never reached the journal. */
  eventsLost: number;
  /** Events that cannot be written now and wait in memory. */
  eventsWaiting: number;
  /** Clients of the event feed that did not read and were cut off (FEED_TOO_SLOW). */
  clientsCutOff: number;
  /** Pictures that watchers of live pictures missed because they did not read. */
  livePicturesMissed: number;
  /** The same of cameras' own video. */
  videoPicturesMissed: number;
}

/** `GET /health` */
export interface Health {
  /** ok: every camera is live. degraded: running, with something that needs a look. starting: not yet running. */
  status: 'ok' | 'degraded' | 'starting';
  engine: string;
  cameras: CameraHealth[];
  /** What needs a look beside cameras, in the operator's words (a full disk, for instance). */
  problems: string[];
  losses: Losses;
  version: string;
  /** Seconds since start. */
  uptime: number;
}

/** `GET /api/cameras`, one entry a camera: what the desk shows and plays. */
export interface CameraInfo extends CameraHealth {
  kind: string;
  /** quiet: nothing happens, and its key pictures alone are looked at. null where it always delivers every frame. */
  attention: 'quiet' | 'awake' | null;
  threshold: number;
  frame: { width: number; height: number };
  greeting: 'off' | 'speech' | 'clip';
  /** Frame-to-event latency of late, milliseconds; null before the first event. */
  latency: { p50: number; p95: number } | null;
}

/** `GET /api/people`, one entry a person. */
export interface PersonInfo extends PersonRef {
  photos: { photo: string; enrolledAt: string }[];
}

/** `GET /api/people/problems`, one entry a photo that could not be enrolled. */
export interface PhotoProblem {
  photo: string;
  code: string;
  reason: string;
}

/** RFC 9457 problem details with our stable code; every HTTP error has this body. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
}

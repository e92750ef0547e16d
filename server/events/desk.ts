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
  /** Frames that arrived but were overtaken by a fresher one before the engine came to them, since start. */
  dropped: number;
}

/** `GET /health` */
export interface Health {
  /** ok: every camera is live. degraded: running, with something that needs a look. starting: not yet running. */
  status: 'ok' | 'degraded' | 'starting';
  engine: string;
  cameras: CameraHealth[];
  /** What needs a look beside cameras, in the operator's words (a full disk, for instance). */
  problems: string[];
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

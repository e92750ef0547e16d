/**
 * The wire types of the event feed. Programs rely on these names: adding a field is fine, renaming or
 * removing one is not. This file imports nothing, so that the dashboard shares it.
 */

export interface PersonRef {
  id: string;
  name: string;
}

/** A person of the gallery and how far away the probe is from the nearest of their photos. */
export interface Candidate {
  person: PersonRef;
  /** Euclidean (L2) distance between the 128-d embeddings, >= 0. */
  distance: number;
}

/** In pixels of the frame; may reach over its edges where a face is cut off. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface FrameSize {
  width: number;
  height: number;
}

/** How good a face is for recognition, and what is wrong with it. */
export interface FaceQuality {
  /** All of it in one number, 0..1. */
  overall: number;
  /** Width of the face, pixels of the frame. */
  size: number;
  /** 0 blurred to 1 sharp. */
  sharpness: number;
  /** Degrees: turned (positive towards the picture's right edge), raised (positive), leaning (positive clockwise). */
  yaw: number;
  pitch: number;
  roll: number;
  /** Mean grey of the face, 0..255, and its standard deviation. */
  brightness: number;
  contrast: number;
  /** Part of the face outside of the picture, 0..1. */
  cut: number;
  /** Why it is not good enough; empty where it is. */
  problems: { code: string; reason: string }[];
}

/** How much a face looks like one that is there, not a print or a screen. A hint: see docs/decisions/liveness.md. */
export interface FaceLiveness {
  /** Two networks' figures, 0..1, and both in one. */
  real: number;
  live: number;
  score: number;
  /** Whether the score is high enough. Where the camera requires it, a face that is not has no name. */
  passed: boolean;
}

interface EventBase {
  /** Unique over all time. */
  id: string;
  /** Position in the journal: counts up by one, never reused, survives restarts. */
  seq: number;
  /** When it happened: ISO 8601, UTC, milliseconds. */
  at: string;
}

interface VisitFields extends EventBase {
  camera: string;
  /** The zone that `box` is in; left out where the camera has none. */
  zone?: string;
  /** One person's stay before one camera; every event of the visit carries it. */
  visit: string;
  /** Who it is; null while nobody is sure, and for a person who matches nobody. */
  person: PersonRef | null;
  /** Distance to the nearest person; null where the gallery is empty or no face was embedded yet. */
  distance: number | null;
  /** The largest distance that still counted as a match when this was decided. */
  threshold: number;
  /** Nearest people first, one entry a person, whether or not they are within the threshold. */
  candidates: Candidate[];
  /** Distance of the second-nearest person minus that of the nearest; null with fewer than two people. */
  margin: number | null;
  box: Box;
  frame: FrameSize;
  /** The detector's score of the face, 0..1. */
  score: number;
  /** How good the face is for recognition; null where it was followed without being looked at closely. */
  quality: FaceQuality | null;
  /** Whether it looks like a face that is there; null where the camera does not ask. */
  liveness: FaceLiveness | null;
  /** From the frame's last byte arriving to this event being written down. */
  latencyMs: number;
  /** Path of the snapshot on this server; null where none was kept. */
  snapshot: string | null;
}

export interface VisitStarted extends VisitFields {
  type: 'visit.started';
}
export interface VisitRecognised extends VisitFields {
  type: 'visit.recognised';
  person: PersonRef;
  distance: number;
}
export interface VisitUnknown extends VisitFields {
  type: 'visit.unknown';
  person: null;
}
export interface VisitEnded extends VisitFields {
  type: 'visit.ended';
  startedAt: string;
  durationMs: number;
}
export type VisitEvent = VisitStarted | VisitRecognised | VisitUnknown | VisitEnded;

/**
 * starting: first connection under way. live: frames arrive. stalled: connected, no frames.
 * reconnecting: lost, the next try is scheduled. refused: needs a person (wrong password, no such stream);
 * tried again slowly. stopped: switched off or shutting down.
 */
export const cameraStates = ['starting', 'live', 'stalled', 'reconnecting', 'refused', 'stopped'] as const;
export type CameraState = (typeof cameraStates)[number];

export interface CameraStateEvent extends EventBase {
  type: 'camera.state';
  camera: string;
  state: CameraState;
  /** Why, in the operator's words; null while all is well. */
  reason: string | null;
  /** Stable code from docs/errors.md; null while all is well. */
  code: string | null;
}

export interface GreetingEvent extends EventBase {
  type: 'greeting';
  camera: string;
  visits: string[];
  people: PersonRef[];
  /** The sentence to be said; null where a clip is played instead. */
  text: string | null;
  /** BCP 47 tag of `text`. */
  language: string;
  /** Name of the wanted voice; null takes any voice of the language. */
  voice: string | null;
  /** 0..1 */
  volume: number;
  /** Path on this server of the sound: the clip, or the sentence as speech; null where neither can be had. */
  audio: string | null;
  /** Whether `audio` is a clip that replaces speech, so that the browser's own voices are not used. */
  clip: boolean;
}

export interface PersonEvent extends EventBase {
  type: 'person.enrolled' | 'person.removed';
  camera: null;
  person: PersonRef;
  /** How many of the person's photos are enrolled now. */
  photos: number;
}

export interface PhotoRefusedEvent extends EventBase {
  type: 'photo.refused';
  camera: null;
  /** Path of the photo below the people folder. */
  photo: string;
  code: string;
  reason: string;
}

export type GatehouseEvent = VisitEvent | CameraStateEvent | GreetingEvent | PersonEvent | PhotoRefusedEvent;
export type EventType = GatehouseEvent['type'];

/** Sent first where `?since=` reaches further back than the journal does: `missed` events are gone. Not journalled. */
export interface FeedGap {
  type: 'feed.gap';
  since: number;
  /** The oldest sequence that is still kept. */
  oldest: number;
  missed: number;
}

/** Sent to a client whose message could not be understood. Not journalled. */
export interface FeedError {
  type: 'feed.error';
  code: string;
  reason: string;
}

export type FeedMessage = GatehouseEvent | FeedGap | FeedError;

/** An event before the journal has given it its place. */
export type Draft<E extends GatehouseEvent = GatehouseEvent> = E extends GatehouseEvent
  ? Omit<E, 'id' | 'seq'>
  : never;

const visitTypes: readonly string[] = ['visit.started', 'visit.recognised', 'visit.unknown', 'visit.ended'];

export function isVisitEvent(event: { type: string }): event is VisitEvent {
  return visitTypes.includes(event.type);
}

/** Whether a parsed message is one of the journal's events, as opposed to a word of the feed about itself. */
export function isJournalled(message: FeedMessage): message is GatehouseEvent {
  return 'seq' in message;
}

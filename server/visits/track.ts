import type { Box, Face } from '../faces/face.js';
import type { Match } from '../identities/match.js';
import { assign } from './assign.js';
import type { Sighting } from './sighting.js';

/** One face of one frame as a track remembers it. */
export interface Look {
  face: Face;
  match: Match;
  /** The part of the frame that the face is in; null where the camera has no zones. */
  zone: string | null;
  /** Whom this look counts for: the match's person, unless another face of the frame is nearer to them. */
  vote: string | null;
  capturedAt: number;
  arrivedAt: number;
}

/** A look whose face was embedded; the gallery says nothing about any other. */
export type EmbeddedLook = Look & { face: { embedding: Float32Array } };

export function isEmbedded(look: Look): look is EmbeddedLook {
  return look.face.embedding !== null;
}

/** What association needs to know of a face that was followed so far. */
export interface Track {
  latest: Look;
  /** The latest look that was embedded; null where none was yet. */
  embedded: EmbeddedLook | null;
  /** The best quality of a look that was embedded, 0..1. */
  bestQuality: number;
  /** Running mean of the embeddings; odd ones are left out. Null where there was none yet. */
  embedding: Float32Array | null;
  /** The latest looks in a row that are not like the mean: another pose, or another face in the way. */
  odd: number;
  /** Of the box's centre, pixels per ms. */
  velocity: { x: number; y: number };
  /** Id of the person that the track was recognised as; null otherwise. */
  recognisedAs: string | null;
}

/** Part of the threshold within which a face anywhere in the picture is the track's: stricter than recognition. */
const SAME_FACE = 0.85;
/** Where boxes overlap at least this much, or are this near, the face may be the track's whatever it looks like. */
const MIN_OVERLAP = 0.2;
const MAX_SHIFT = 1;
/** Distances above this part of the threshold cost no more: a turned face is not further away than a stranger's. */
const MAX_DISTANCE = 1.6;
/** Distance counts twice as much as position: of two people who cross, position is what deceives. */
const DISTANCE_WEIGHT = 2;
/** Part of the threshold that a face without an embedding is taken to be away: its position has to tell. */
const UNCOMPARED = 0.6;
/** More than any pair that is possible costs. */
const UNASSIGNED = DISTANCE_WEIGHT * MAX_DISTANCE + 1.1;
/** After so many odd looks in a row they are what the track looks like now. */
const MAX_ODD = 4;
/** Weight of the newest embedding in the running mean. */
const NEWEST = 0.3;

/**
 * Which of a sighting's faces belongs to which track: for each track the index of its face, or -1.
 *
 * The cost of a pair is 2 x (embedding distance / threshold) + (1 - IoU), with the track's box moved on at
 * its velocity; the assignment with the least total cost is taken. A pair is possible where the track was
 * seen lately and the boxes overlap or nearly touch, or where the embeddings are clearly the same face,
 * wherever and whenever that is: so a person who turned away, or was hidden by another, is found again.
 *
 * @param recentMs for this long after a track was last seen its position still means something
 */
export function associate(tracks: readonly Track[], sighting: Sighting, recentMs: number): number[] {
  const cost = tracks.map((track) =>
    sighting.faces.map((seen) => pairCost(track, seen, sighting.arrivedAt, recentMs)),
  );
  return assign(cost, UNASSIGNED);
}

function pairCost(
  track: Track,
  { face, match }: Sighting['faces'][number],
  now: number,
  recentMs: number,
): number {
  const since = now - track.latest.arrivedAt;
  let distance = distanceTo(track, face.embedding);
  // Another pose of somebody recognised is often nearer to one of their photos than to the track so far.
  if (track.recognisedAs !== null && match.person?.id === track.recognisedAs && match.distance !== null) {
    distance = Math.min(distance ?? Infinity, match.distance);
  }
  const relative = distance === null ? UNCOMPARED : distance / match.threshold;
  const isSame =
    (distance !== null && relative <= SAME_FACE) ||
    (match.person !== null && match.person.id === track.recognisedAs);
  const isRecent = since <= recentMs;
  const expected = moved(track.latest.face.box, track.velocity, isRecent ? since : 0);
  const overlap = isRecent ? iou(expected, face.box) : 0;
  const isNear = isRecent && (overlap >= MIN_OVERLAP || shift(expected, face.box) <= MAX_SHIFT);
  if (!isSame && !isNear) return Infinity;
  return DISTANCE_WEIGHT * Math.min(relative, MAX_DISTANCE) + (1 - overlap);
}

/** The track after its next look; `track` is null for a new one. */
export function follow(track: Track | null, look: Look): Track {
  const { embedding, box } = look.face;
  const embedded = isEmbedded(look) ? look : (track?.embedded ?? null);
  const bestQuality = Math.max(
    track?.bestQuality ?? 0,
    isEmbedded(look) ? (look.face.quality?.overall ?? 0) : 0,
  );
  if (!track) {
    const velocity = { x: 0, y: 0 };
    return { latest: look, embedded, bestQuality, embedding, odd: 0, velocity, recognisedAs: null };
  }
  const elapsed = look.arrivedAt - track.latest.arrivedAt;
  const was = centre(track.latest.face.box);
  const is = centre(box);
  // After a gap the way in between says nothing about where the face goes now.
  const velocity =
    elapsed > 0 && elapsed <= 1_000
      ? {
          x: track.velocity.x * 0.5 + (0.5 * (is.x - was.x)) / elapsed,
          y: track.velocity.y * 0.5 + (0.5 * (is.y - was.y)) / elapsed,
        }
      : { x: 0, y: 0 };
  const next = { ...track, latest: look, embedded, bestQuality, velocity };
  if (!embedding) return next;
  if (!track.embedding) return { ...next, embedding };
  const isOdd = euclidean(track.embedding, embedding) > look.match.threshold;
  if (isOdd && track.odd + 1 < MAX_ODD) return { ...next, odd: track.odd + 1 };
  if (isOdd) return { ...next, odd: 0, embedding };
  const mean = track.embedding.map((number, i) => number + NEWEST * (embedding[i] - number));
  return { ...next, odd: 0, embedding: mean };
}

/**
 * Euclidean distance to the track's mean embedding or its latest one, whichever is nearer; null where one of the two
 * has none. An odd latest one may be of somebody who stepped in front, and must not keep the track from its own face.
 */
function distanceTo(
  { embedding: mean, embedded, odd }: Track,
  embedding: Float32Array | null,
): number | null {
  if (!mean || !embedding) return null;
  const toMean = euclidean(mean, embedding);
  return odd > 0 || !embedded ? toMean : Math.min(toMean, euclidean(embedded.face.embedding, embedding));
}

function euclidean(a: Float32Array, b: Float32Array): number {
  let squared = 0;
  for (let i = 0; i < a.length; i += 1) squared += (a[i] - b[i]) ** 2;
  // A broken embedding is like nobody's, so that it spoils no sum.
  return Number.isFinite(squared) ? Math.sqrt(squared) : Number.MAX_VALUE;
}

/** Intersection over union of two boxes, 0..1. */
export function iou(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}

/** How far the centres are apart, in widths of the larger box; Infinity where one is twice as wide as the other. */
function shift(a: Box, b: Box): number {
  const larger = Math.max(a.width, b.width);
  if (larger > 2 * Math.min(a.width, b.width)) return Infinity;
  const [from, to] = [centre(a), centre(b)];
  return Math.hypot(to.x - from.x, to.y - from.y) / larger;
}

const centre = (box: Box) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

/** A box that went on at a velocity for a while. */
export function moved(box: Box, velocity: { x: number; y: number }, elapsed: number): Box {
  return { ...box, x: box.x + velocity.x * elapsed, y: box.y + velocity.y * elapsed };
}

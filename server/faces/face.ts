/** In pixels of the picture; may reach over its edges where a face is cut off. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * How large a face is, pixels: the geometric mean of its box's sides. Not its width, for a head that is turned aside is
 * narrow and no smaller.
 */
export function faceSize({ width, height }: Box): number {
  return Math.sqrt(Math.max(0, width * height));
}

/** Intersection over union of two boxes, 0..1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  return common / (a.width * a.height + b.width * b.height - common);
}

/** Length of the embeddings of the networks that come along; an imported one has its own. */
export const EMBEDDING_LENGTH = 128;

/** Why a face is not good enough to be recognised. */
export interface QualityProblem {
  /** Stable, for programs. */
  code:
    | 'too-small'
    | 'blurred'
    | 'turned-away'
    | 'nodding'
    | 'tilted'
    | 'too-dark'
    | 'too-bright'
    | 'flat'
    | 'cut-off';
  /** In the operator's words, with the figure and the limit: `turned away 52°, at most 45°`. */
  reason: string;
}

/** How good a face is for recognition. */
export interface Quality {
  /** All of it in one number, 0..1, to compare frames of one person by. */
  overall: number;
  /** See faceSize, pixels of the picture. */
  size: number;
  /** 0 blurred to 1 sharp. */
  sharpness: number;
  /** Degrees: turned (positive towards the picture's right edge), raised (positive), leaning (positive clockwise). */
  yaw: number;
  pitch: number;
  roll: number;
  /** Mean grey, 0..255, and its standard deviation. */
  brightness: number;
  contrast: number;
  /** Part of the face outside of the picture, 0..1. */
  cut: number;
  /** The detector's score, 0..1. */
  score: number;
  /** Empty where the face is good enough. */
  problems: QualityProblem[];
}

/** How much a face looks like one that is there. docs/decisions/liveness.md says how far to trust it. */
export interface Liveness {
  /** What antispoof says: 0 a print or a screen, 1 a face. */
  real: number;
  /** What liveness says: 0 replayed, 1 live. */
  live: number;
  /** Both in one, 0..1: what a policy compares with a threshold. */
  score: number;
  /** Whether the score is at least that threshold. */
  passed: boolean;
}

/** One face of one picture. Plain data: it crosses from the worker. */
export interface Face {
  /** The detector's box. */
  box: Box;
  /** The detector's score, 0..1. */
  score: number;
  /** 68 points in the iBUG 300-W order, x y x y ..., pixels of the picture: 136 numbers. */
  landmarks: Float32Array | null;
  /** Like the landmarks null of a face that is followed already and was only looked for. */
  quality: Quality | null;
  /**
   * L2-comparable embedding of the network that the recogniser was started with; null where it was not asked for
   * (a face that is followed and known) or the face is not good enough for one.
   */
  embedding: Float32Array | null;
  /** Null where it was not asked for, or the face was only looked for. */
  liveness: Liveness | null;
}

/** A face that is followed from frame to frame, and what is to be done about it in this one. */
export interface FollowedFace {
  /** Where it is expected, pixels of the picture. */
  box: Box;
  /**
   * Embed it where its quality is at least this, 0..1. Infinity: it is known and was checked lately, so it only has
   * to be found.
   */
  embedAbove: number;
}

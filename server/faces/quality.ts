import type { Picture } from '../frames/frame.js';
import { align, dlibChip } from './align.js';
import { crop } from './crop.js';
import { faceSize, type Box } from './face.js';
import { headPose, type HeadPose } from './head-pose.js';
import { kernelsOver, tables } from './kernels/kernels.js';
import { freshMemory, type Scratch } from './scratch.js';
import { sharpness } from './sharpness.js';

/** What is measured of a face, the same for a photo and for a live frame. */
export interface QualityMeasures extends HeadPose {
  /** See faceSize, pixels of the picture. */
  size: number;
  /** 0 blurred to 1 sharp; see sharpness.ts. */
  sharpness: number;
  /** Mean grey of the face, 0 black to 255 white. */
  brightness: number;
  /** Standard deviation of the face's grey, 0..127. */
  contrast: number;
  /** Part of the face that lies outside of the picture, 0..1. */
  cut: number;
  /** The detector's score, 0..1. */
  score: number;
}

/** Measures one face. @param landmarks 136 numbers, pixels of the picture */
export function measureQuality(
  picture: Picture,
  face: { box: Box; score: number; landmarks: Float32Array },
  scratch: Scratch = freshMemory,
): QualityMeasures {
  const { box, score, landmarks } = face;
  const native = dlibChip.size * scaleOf(landmarks);
  // Not enlarged: what a small face lacks is its size's fault, not the focus's.
  const side = Math.round(Math.min(MOST_SIDE, Math.max(LEAST_SIDE, native)));
  const { grey, ...light } = greyChip(picture, landmarks, side, scratch);
  return {
    size: faceSize(box),
    sharpness: sharpness(grey, side),
    ...light,
    ...headPose(landmarks),
    cut: cutOff(picture, landmarks),
    score,
  };
}

const MOST_SIDE = 96;
const LEAST_SIDE = 32;
/** Pixels: of a large face every pixel tells no more about the focus than two of three (0.005 at most). */
const SAMPLE_SPACING = 1.5;

/** Pixels of the picture a pixel of dlib's chip. */
function scaleOf(landmarks: Float32Array): number {
  const { a, b, c, d } = align(landmarks, dlibChip);
  return Math.sqrt(Math.abs(a * d - b * c));
}

function greyChip(
  picture: Picture,
  landmarks: Float32Array,
  side: number,
  scratch: Scratch,
): { grey: Float32Array; brightness: number; contrast: number } {
  const chip = scratch('quality', side * side * 3);
  crop(picture, align(landmarks, { ...dlibChip, size: side }), side, chip, 0, SAMPLE_SPACING);
  const grey = scratch('grey', side * side);
  const { sum, squares } = greyOf(chip, grey);
  const brightness = sum / grey.length;
  const contrast = Math.sqrt(Math.max(0, squares / grey.length - brightness * brightness));
  return { grey, brightness, contrast };
}

/** Fills in the grey of a chip's pixels. @returns the sum of all, and of their squares */
function greyOf(chip: Float32Array, grey: Float32Array): { sum: number; squares: number } {
  const kernels = kernelsOver(chip, grey);
  if (kernels) {
    kernels.greyOf(chip.byteOffset, grey.length, grey.byteOffset, tables.sums);
    const [sum, squares] = new Float64Array(grey.buffer, tables.sums, 2);
    return { sum, squares };
  }
  let sum = 0;
  let squares = 0;
  for (let i = 0, at = 0; i < grey.length; i += 1, at += 3) {
    // ITU-R BT.601 luma.
    const luma = chip[at] * 0.299 + chip[at + 1] * 0.587 + chip[at + 2] * 0.114;
    grey[i] = luma;
    sum += luma;
    squares += luma * luma;
  }
  return { sum, squares };
}

/**
 * Whether landmarks stand as those of a face in a camera's picture can. On the back of a head or a pattern that the
 * detector took for a face they come out lying on their side or on their head, where the detector finds no real face.
 */
export function isUpright({ roll, pitch }: HeadPose): boolean {
  return Math.abs(roll) <= MOST_ROLL && Math.abs(pitch) <= MOST_PITCH;
}

/** Degrees. */
const MOST_ROLL = 80;
const MOST_PITCH = 75;

/** Part of the landmarks' bounding box that lies outside: the detector's own box ends at the edge. */
function cutOff({ width, height }: Picture, landmarks: Float32Array): number {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < landmarks.length; i += 2) {
    left = Math.min(left, landmarks[i]);
    right = Math.max(right, landmarks[i]);
    top = Math.min(top, landmarks[i + 1]);
    bottom = Math.max(bottom, landmarks[i + 1]);
  }
  const all = (right - left) * (bottom - top);
  const across = Math.min(right, width) - Math.max(left, 0);
  const down = Math.min(bottom, height) - Math.max(top, 0);
  return all <= 0 ? 1 : 1 - (Math.max(0, across) * Math.max(0, down)) / all;
}

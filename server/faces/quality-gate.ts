import type { Quality, QualityProblem } from './face.js';
import type { QualityMeasures } from './quality.js';

/** What a face has to be to be recognised. */
export interface QualityLimits {
  /** See faceSize, pixels. */
  minSize: number;
  /** 0..1; see sharpness.ts. */
  minSharpness: number;
  /** Degrees to either side, up or down, leaning. */
  maxYaw: number;
  maxPitch: number;
  maxRoll: number;
  /** Mean grey, 0..255. */
  minBrightness: number;
  maxBrightness: number;
  /** Standard deviation of the grey, 0..127. */
  minContrast: number;
  /** Part of the face outside of the picture, 0..1. */
  maxCut: number;
}

/** docs/decisions/quality.md argues each of them. */
export const qualityDefaults: QualityLimits = {
  minSize: 36,
  minSharpness: 0.3,
  maxYaw: 50,
  maxPitch: 40,
  maxRoll: 45,
  minBrightness: 35,
  maxBrightness: 225,
  minContrast: 12,
  maxCut: 0.25,
};

/**
 * Says whether a face is good enough to be recognised, and if not, why, in the operator's words. Photos and live
 * frames go through the same gate, so that a photo that was taken is one that the camera's faces are compared with
 * fairly.
 */
export function passQualityGate(measures: QualityMeasures, limits: QualityLimits): Quality {
  const { size, yaw, pitch, roll, brightness, contrast, cut } = measures;
  const problems: QualityProblem[] = [];
  const refuse = (code: QualityProblem['code'], reason: string): void => void problems.push({ code, reason });
  if (size < limits.minSize)
    refuse('too-small', `too small: ${Math.round(size)} px, needs ${limits.minSize}`);
  if (measures.sharpness < limits.minSharpness)
    refuse('blurred', `blurred: sharpness ${measures.sharpness.toFixed(2)}, needs ${limits.minSharpness}`);
  if (Math.abs(yaw) > limits.maxYaw)
    refuse('turned-away', `turned away ${angle(yaw)}, at most ${limits.maxYaw}°`);
  if (Math.abs(pitch) > limits.maxPitch)
    refuse('nodding', `looking ${pitch > 0 ? 'up' : 'down'} ${angle(pitch)}, at most ${limits.maxPitch}°`);
  if (Math.abs(roll) > limits.maxRoll) refuse('tilted', `tilted ${angle(roll)}, at most ${limits.maxRoll}°`);
  if (brightness < limits.minBrightness)
    refuse('too-dark', `too dark: brightness ${Math.round(brightness)}, needs ${limits.minBrightness}`);
  if (brightness > limits.maxBrightness)
    refuse('too-bright', `too bright: brightness ${Math.round(brightness)}, at most ${limits.maxBrightness}`);
  if (contrast < limits.minContrast)
    refuse('flat', `too little contrast: ${Math.round(contrast)}, needs ${limits.minContrast}`);
  if (cut > limits.maxCut)
    refuse('cut-off', `cut off: ${percent(cut)} of the face is outside, at most ${percent(limits.maxCut)}`);
  return { ...measures, overall: overall(measures), problems };
}

/**
 * How well a face can be recognised in one number, 0..1, to choose the best frame of a track by: each measure's
 * part of what is plenty, multiplied. It means nothing by itself.
 */
function overall(measures: QualityMeasures): number {
  const { yaw, pitch, roll, brightness, contrast, cut, score } = measures;
  const turned =
    Math.cos(radians(Math.min(90, Math.abs(yaw)))) *
    Math.cos(radians(Math.min(90, Math.abs(pitch)))) *
    // A leaning head is levelled before it is embedded, which costs little.
    Math.cos(radians(Math.min(90, Math.abs(roll) / 2)));
  const lit = ramp(brightness, 20, 70) * ramp(255 - brightness, 10, 60) * ramp(contrast, 5, 35);
  return (
    ramp(measures.size, 16, 110) *
    ramp(measures.sharpness, 0.15, 0.6) *
    turned *
    lit *
    (1 - Math.min(1, 2 * cut)) *
    // The detector's score wavers from frame to frame for no reason that matters to an embedding.
    (0.5 + 0.5 * ramp(score, 0.3, 0.9))
  );
}

/** 0 at `none` or below, 1 at `plenty` or above, a straight line between. */
function ramp(value: number, none: number, plenty: number): number {
  return Math.min(1, Math.max(0, (value - none) / (plenty - none)));
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;
const angle = (degrees: number): string => `${Math.round(Math.abs(degrees))}°`;
const percent = (part: number): string => `${Math.round(part * 100)} %`;

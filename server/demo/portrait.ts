import { drawBeard } from './drawing/beard.js';
import { drawBody } from './drawing/body.js';
import { drawEyes } from './drawing/eyes.js';
import { drawGlasses } from './drawing/glasses.js';
import { drawHairBehind, drawHairInFront } from './drawing/hair.js';
import { drawEars, drawHead } from './drawing/head.js';
import { drawMouth } from './drawing/mouth.js';
import { drawNose } from './drawing/nose.js';
import type { Sketch } from './drawing/sketch.js';
import { frontal, HEAD_HEIGHT, type PortraitTraits, type Pose } from './drawing/traits.js';
import { turnHead, turnOutline } from './drawing/turn.js';

export { frontal, type PortraitTraits, type Pose };

/** What of the figure a portrait shows around the point between the eyes, mm: head to chest. */
export const figure = { left: 210, right: 210, top: 180, bottom: 420 } as const;

/** Size of the drawing in pixels, and where in it the point between the eyes of an upright head lies. */
export function portraitSize(size: number): { width: number; height: number; eyesX: number; eyesY: number } {
  const scale = size / HEAD_HEIGHT;
  return {
    width: Math.round((figure.left + figure.right) * scale),
    height: Math.round((figure.top + figure.bottom) * scale),
    eyesX: figure.left * scale,
    eyesY: figure.top * scale,
  };
}

/**
 * A person, head to chest, as an SVG document with a transparent background: the same traits and pose give
 * the same text. Its size is `portraitSize(pose.size)`.
 */
export function drawPortrait(traits: PortraitTraits, pose: Partial<Pose> = {}): string {
  const { width, height } = portraitSize(pose.size ?? frontal.size);
  const box = `${-figure.left} ${-figure.top} ${figure.left + figure.right} ${figure.top + figure.bottom}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${box}">${drawFigure(traits, pose)}</svg>`;
}

/** The whole figure as a group to place in a larger drawing, in millimetres from the point between the eyes. */
export function drawFigure(traits: PortraitTraits, partial: Partial<Pose> = {}, id = 'p'): string {
  const pose: Pose = { ...frontal, ...partial };
  const sketch: Sketch = {
    traits,
    pose,
    id,
    turn: turnHead(traits, pose),
    outline: turnOutline(traits, pose),
  };
  const blur = (name: string, deviation: number) =>
    `<filter id="${id}${name}" x="-40%" y="-40%" width="180%" height="180%"><feGaussianBlur stdDeviation="${deviation}"/></filter>`;
  const lean = `rotate(${pose.roll} 0 ${traits.face.length + 20})`;
  const [r, g, b] = [
    pose.light,
    pose.light * (0.985 + 0.015 * pose.light),
    pose.light * (0.96 + 0.04 * pose.light),
  ];
  const light = `<filter id="${id}light" x="0" y="0" width="100%" height="100%" color-interpolation-filters="sRGB"><feColorMatrix values="${r} 0 0 0 0 0 ${g} 0 0 0 0 0 ${b} 0 0 0 0 0 1 0"/></filter>`;
  const lit = pose.light === 1 ? '' : ` filter="url(#${id}light)"`;
  return `<defs>${blur('soft', 6)}${blur('softer', 2.4)}${light}</defs><g${lit}>
<g transform="${lean}">${drawHairBehind(sketch)}</g>
${drawBody(sketch)}
<g transform="${lean}">${drawEars(sketch)}${drawHead(sketch)}${drawEyes(sketch)}${drawBeard(sketch)}${drawNose(sketch)}${drawMouth(sketch)}${drawGlasses(sketch)}${drawHairInFront(sketch)}</g></g>`;
}

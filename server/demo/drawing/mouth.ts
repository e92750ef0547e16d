import { darken, lighten, mix } from './colour.js';
import { glow } from './glow.js';
import { smooth, type Point } from './path.js';
import type { Sketch } from './sketch.js';

/** Lips that smile: the corners go out and up, and from half a smile on the teeth show. */
export function drawMouth({ traits, turn, pose, id }: Sketch): string {
  const { mouth, nose, skin } = traits;
  const y = nose.length + mouth.drop;
  const smile = pose.smile;
  const w = mouth.width * (1 + 0.14 * smile);
  const rise = -1 + 5.5 * smile;
  const parted = Math.max(0, smile - 0.45) * 9;
  const at = (x: number, dy: number): Point => turn(x * w, y + dy, 92 - 14 * x * x);
  const corner = 1 - rise;
  const seamTop: Point[] = [
    at(-1, corner),
    at(-0.5, 1.1 - rise * 0.3),
    at(-0.12, -0.2),
    at(0, 0.8),
    at(0.12, -0.2),
    at(0.5, 1.1 - rise * 0.3),
    at(1, corner),
  ];
  const seamLow: Point[] = [
    at(0.5, 1.1 - rise * 0.3 + parted * 0.8),
    at(0, 0.8 + parted * 1.1),
    at(-0.5, 1.1 - rise * 0.3 + parted * 0.8),
  ];
  const upper = mouth.upper * (1 - 0.18 * smile);
  const top: Point[] = [
    at(-1, corner),
    at(-0.55, -upper * 0.6 - rise * 0.25),
    at(-0.2, -upper),
    at(0, -upper * 0.78),
    at(0.2, -upper),
    at(0.55, -upper * 0.6 - rise * 0.25),
    at(1, corner),
  ];
  const low = mouth.lower * (1 - 0.12 * smile) + parted;
  const bottom: Point[] = [at(0.6, low * 0.72), at(0.2, low + 1), at(-0.2, low + 1), at(-0.6, low * 0.72)];
  const lip = mouth.colour;
  const [shineX, shineY] = at(-0.08, low * 0.62 + parted * 0.4);
  const [shadowX, shadowY] = at(0, low + 4);
  const dark = darken(mix(lip, '#5a1512', 0.5), 0.45);
  const inside =
    parted > 0.6
      ? `<path d="${smooth([...seamTop, ...seamLow], true, 0.4)}" fill="#5b1d1c"/><clipPath id="${id}teeth"><path d="${smooth([...seamTop, ...seamLow], true, 0.4)}"/></clipPath><path clip-path="url(#${id}teeth)" d="${smooth([at(-0.86, -4), at(0, -4), at(0.86, -4), at(0.6, parted * 0.62 + 0.6), at(0, parted * 0.8 + 1), at(-0.6, parted * 0.62 + 0.6)])}" fill="#f6f1ea"/>`
      : '';
  return `${glow(id, { x: shadowX, y: shadowY, rx: w * 0.55 + 3.5, ry: 6.9 }, darken(skin, 0.45), 0.38)}
<path d="${smooth([...top, ...bottom], true, 0.45)}" fill="${lip}"/>
<path d="${smooth([...top, ...[...seamTop].reverse()], true, 0.4)}" fill="${darken(lip, 0.2)}"/>
${inside}${glow(id, { x: shineX, y: shineY, rx: w * 0.3 + 3.5, ry: Math.max(0.8, mouth.lower * 0.16) + 3.5 }, lighten(lip, 0.55), 0.5)}
<path d="${smooth(seamTop, false, 0.45)}" stroke="${dark}" stroke-width="1.6" fill="none" stroke-linecap="round"/>
${[-1, 1].map((s) => `<circle cx="${at(s * 1.04, corner)[0]}" cy="${at(s * 1.04, corner)[1]}" r="2" fill="${darken(skin, 0.45)}" opacity=".5" filter="url(#${id}softer)"/>`).join('')}`;
}

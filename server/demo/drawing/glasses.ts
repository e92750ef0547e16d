import { smooth, type Point } from './path.js';
import type { Sketch } from './sketch.js';

/** Spectacles: rims, bridge, the start of the temples, a glint; the eyes stay to be seen. */
export function drawGlasses({ traits, turn, outline }: Sketch): string {
  const { style, colour } = traits.glasses;
  if (style === 'none') return '';
  const { apart, width } = traits.eyes;
  const half = Math.min(apart - 5, width / 2 + 7.5);
  const rise = style === 'round' ? half * 0.92 : half * 0.68;
  const corner = style === 'round' ? 0.707 : 0.9;
  const at = (s: number, x: number, y: number): Point => turn(s * (apart + 1) + x * half, 3 + y * rise, 88);
  const stroke = style === 'thick' ? 4.6 : style === 'square' ? 3 : 2.2;
  const rims = [-1, 1].map((s) => {
    const rim = smooth([
      at(s, 0, -1),
      at(s, corner, -corner),
      at(s, 1, 0),
      at(s, corner, corner),
      at(s, 0, 1),
      at(s, -corner, corner),
      at(s, -1, 0),
      at(s, -corner, -corner),
    ]);
    const glint = smooth([at(s, -0.62, -0.1), at(s, -0.2, -0.7)], false);
    const temple = smooth([at(s, s * 1, -0.25), outline([s * (traits.face.cheek + 1), -2])], false);
    return `<path d="${rim}" fill="#dfeaf0" fill-opacity=".1"/><path d="${rim}" fill="none" stroke="${colour}" stroke-width="${stroke}"/><path d="${temple}" fill="none" stroke="${colour}" stroke-width="${stroke}"/><path d="${glint}" stroke="#fff" stroke-width="2.4" opacity=".4" fill="none" stroke-linecap="round"/>`;
  });
  const bridge = smooth(
    [turn(-apart - 1 + half, -1, 92), turn(0, -5, 98), turn(apart + 1 - half, -1, 92)],
    false,
  );
  return `${rims.join('')}<path d="${bridge}" fill="none" stroke="${colour}" stroke-width="${stroke}"/>`;
}

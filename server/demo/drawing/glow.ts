import type { Colour } from './traits.js';

/**
 * A soft-edged ellipse: a gradient that fades out, which costs a tenth of the blur that it looks like.
 *
 * @param id prefix of ids in the drawing; glows of one colour share their gradient's definition
 */
export function glow(
  id: string,
  ellipse: { x: number; y: number; rx: number; ry: number },
  colour: Colour,
  opacity: number,
): string {
  const name = `${id}glow${colour.slice(1)}`;
  const { x, y, rx, ry } = ellipse;
  return `<radialGradient id="${name}"><stop offset="0" stop-color="${colour}"/><stop offset=".4" stop-color="${colour}" stop-opacity=".82"/><stop offset=".72" stop-color="${colour}" stop-opacity=".28"/><stop offset="1" stop-color="${colour}" stop-opacity="0"/></radialGradient><ellipse cx="${x.toFixed(2)}" cy="${y.toFixed(2)}" rx="${rx}" ry="${ry}" fill="url(#${name})" opacity="${opacity.toFixed(2)}"/>`;
}

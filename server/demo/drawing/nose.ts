import { darken, lighten, mix } from './colour.js';
import { glow } from './glow.js';
import { smooth, type Point } from './path.js';
import type { Sketch } from './sketch.js';

/** The nose is drawn by its shade: the side away from the light, the underside, the wings and nostrils. */
export function drawNose({ traits, turn, id }: Sketch): string {
  const { nose, skin } = traits;
  const { length, width, bridge } = nose;
  const at = (x: number, y: number, z: number): Point => turn(x, y, z);
  const shade = darken(mix(skin, '#a03a28', 0.18), 0.34);
  const side: Point[] = [
    at(bridge + 2, -8, 84),
    at(bridge, length * 0.4, 98),
    at(bridge + 3, length * 0.78, 106),
    at(width, length - 5, 92),
    at(width + 3, length + 1, 84),
    at(width + 1, length * 0.6, 84),
    at(bridge + 7, length * 0.2, 84),
  ];
  const left: Point[] = [
    at(-bridge - 3, -10, 82),
    at(-bridge - 2, length * 0.3, 92),
    at(-bridge - 5, length * 0.72, 94),
  ];
  const ridge: Point[] = [at(-1, -2, 90), at(-1, length * 0.45, 102), at(-1, length * 0.8, 110)];
  const [tipX, tipY] = at(-1.5, length - 9, 112);
  const wing = (s: number) =>
    smooth(
      [
        at(s * (width - 2), length - 12, 90),
        at(s * width, length - 5, 90),
        at(s * (width - 0.5), length, 89),
        at(s * (width - 5), length + 2.4, 92),
      ],
      false,
    );
  const nostril = (s: number) => {
    const [x, y] = at(s * (width * 0.5), length + 1, 95);
    return `<ellipse cx="${x}" cy="${y}" rx="${width * 0.24}" ry="2.1" fill="${darken(skin, 0.72)}" opacity=".72" transform="rotate(${s * -14} ${x} ${y})"/>`;
  };
  const base = smooth(
    [
      at(-width + 4, length + 1, 92),
      at(-width * 0.4, length + 3, 98),
      at(0, length + 4.6, 103),
      at(width * 0.4, length + 3, 98),
      at(width - 4, length + 1, 92),
    ],
    false,
  );
  const [underX, underY] = at(0, length + 6, 92);
  return `<path d="${smooth(side)}" fill="${shade}" opacity=".42" filter="url(#${id}softer)"/>
<path d="${smooth(left, false)}" stroke="${shade}" stroke-width="4" fill="none" opacity=".22" filter="url(#${id}softer)"/>
${glow(id, { x: underX, y: underY, rx: width + 3.5, ry: 8 }, shade, 0.5)}
<path d="${smooth(ridge, false)}" stroke="${lighten(skin, 0.45)}" stroke-width="${bridge * 0.8}" fill="none" stroke-linecap="round" opacity=".5" filter="url(#${id}softer)"/>
${glow(id, { x: tipX, y: tipY, rx: width * 0.36 + 3.5, ry: 8.5 }, lighten(skin, 0.5), 0.6)}
${nostril(-1)}${nostril(1)}
<path d="${wing(-1)}" stroke="${shade}" stroke-width="1.7" fill="none" stroke-linecap="round" opacity=".75"/>
<path d="${wing(1)}" stroke="${shade}" stroke-width="1.9" fill="none" stroke-linecap="round" opacity=".9"/>
<path d="${base}" stroke="${shade}" stroke-width="1.5" fill="none" stroke-linecap="round" opacity=".7"/>`;
}

import { darken, lighten, mix } from './colour.js';
import { glow } from './glow.js';
import { smooth, type Point } from './path.js';
import type { Sketch } from './sketch.js';

/** Eyes with lids, lashes and a fold, and the brows above them. */
export function drawEyes(sketch: Sketch): string {
  return drawEye(sketch, -1) + drawEye(sketch, 1) + drawBrow(sketch, -1) + drawBrow(sketch, 1);
}

function drawEye(sketch: Sketch, side: -1 | 1): string {
  const { traits, turn, pose, id } = sketch;
  const { eyes, skin, age } = traits;
  const half = eyes.width / 2;
  const tilt = Math.tan((eyes.tilt * Math.PI) / 180);
  const closed = pose.blink;
  // A smile pushes the lower lid up a little.
  const open = eyes.open * (1 - closed) * (1 - 0.12 * pose.smile);
  const lower = open * 0.4 + eyes.open * 0.12 * closed;
  const upper = open * 0.6 - eyes.open * 0.12 * closed;
  const at = (x: number, y: number): Point => turn(side * (eyes.apart + x * half), y - x * half * tilt + 1);
  const lid: Point[] = [
    at(-1, 2),
    at(-0.62, -upper * 0.62),
    at(-0.05, -upper),
    at(0.5, -upper * 0.78),
    at(1, 0),
  ];
  const bed: Point[] = [at(0.55, lower * 0.82), at(0, lower), at(-0.6, lower * 0.72)];
  const fold = 2 + (1 - traits.eyes.lid) * 2.5;
  const crease: Point[] = [
    at(-0.85, -upper * 0.5 - fold),
    at(-0.1, -eyes.open * 0.6 - fold - 1),
    at(0.6, -eyes.open * 0.46 - fold),
    at(1.1, -1),
  ];
  const [ix, iy] = at(0, (lower - upper) / 2 - open * 0.04);
  const [socketX, socketY] = at(-0.05, -3);
  const name = `${id}eye${side < 0 ? 'l' : 'r'}`;
  const iris = Math.min(7.4, 4 + eyes.open * 0.21);
  const narrow = Math.cos((pose.yaw * Math.PI) / 180);
  const lash = darken(mix(traits.brows.colour, '#1a1210', 0.75), 0.3);
  const bag = [at(-0.7, lower + 4 + age * 2), at(0, lower + 7 + age * 2.5), at(0.75, lower + 4 + age)];
  const white =
    closed > 0.85
      ? ''
      : `<clipPath id="${name}"><path d="${smooth([...lid, ...bed])}"/></clipPath>
<path d="${smooth([...lid, ...bed])}" fill="#f4efe9"/>
<g clip-path="url(#${name})"><ellipse cx="${ix}" cy="${iy}" rx="${iris * narrow}" ry="${iris}" fill="${darken(eyes.colour, 0.35)}"/>
<ellipse cx="${ix}" cy="${iy + 0.8}" rx="${iris * 0.8 * narrow}" ry="${iris * 0.8}" fill="${eyes.colour}"/>
<ellipse cx="${ix}" cy="${iy + iris * 0.45}" rx="${iris * 0.55 * narrow}" ry="${iris * 0.38}" fill="${lighten(eyes.colour, 0.35)}" opacity=".7"/>
<ellipse cx="${ix}" cy="${iy}" rx="${iris * 0.44 * narrow}" ry="${iris * 0.44}" fill="#140c0a"/>
<path d="${smooth(
          lid.map(([x, y]): Point => [x, y + 1.6]),
          false,
        )}" stroke="#3a2a28" stroke-width="4.4" fill="none" opacity=".3"/>
<circle cx="${ix - 2.2}" cy="${iy - 2.3}" r="1.55" fill="#fff" opacity=".95"/></g>
<circle cx="${at(-0.92, 2)[0]}" cy="${at(-0.92, 2)[1]}" r="1.3" fill="${mix(skin, '#c4524a', 0.5)}"/>`;
  return `${glow(id, { x: socketX, y: socketY - 3, rx: half + 8 + 9, ry: eyes.open * 0.5 + 8 + 9 }, darken(mix(skin, '#7a2f2a', 0.15), 0.3), 0.3 + 0.2 * eyes.lid)}
<path d="${smooth([...lid.map(([x, y]): Point => [x, y + 0.6]), ...[...crease].reverse()])}" fill="${lighten(skin, 0.08)}" opacity=".55"/>
${white}<path d="${smooth(lid, false)}" stroke="${lash}" stroke-width="${2.3 + closed * 0.4}" fill="none" stroke-linecap="round"/>
<path d="${smooth([at(0.45, -upper * 0.82), at(0.85, -upper * 0.38), at(1.16, -1.2)], false)}" stroke="${lash}" stroke-width="2.1" fill="none" stroke-linecap="round"/>
<path d="${smooth([at(1, 0), ...bed], false)}" stroke="${darken(skin, 0.5)}" stroke-width="1" fill="none" opacity=".55"/>
<path d="${smooth(crease, false)}" stroke="${darken(skin, 0.45)}" stroke-width="${1.1 + eyes.lid * 0.9}" fill="none" opacity="${0.4 + eyes.lid * 0.35}" stroke-linecap="round"/>
<path d="${smooth(bag, false)}" stroke="${darken(skin, 0.42)}" stroke-width="${1.2 + age}" fill="none" opacity="${0.12 + age * 0.38}" stroke-linecap="round"/>`;
}

function drawBrow({ traits, turn, pose }: Sketch, side: -1 | 1): string {
  const { brows, eyes } = traits;
  const tilt = Math.tan((brows.tilt * Math.PI) / 180);
  const half = brows.length / 2;
  const at = (x: number, y: number): Point =>
    turn(side * (eyes.apart + 2 + x * half), -brows.height - pose.smile * 1.2 + y - x * half * tilt);
  const arch = (x: number) => brows.arch * (0.5 - (1 - ((x - 0.3) / 1.3) ** 2));
  const thick = brows.thickness;
  const upper = [-1, -0.4, 0.3, 1].map((x) => at(x, arch(x) - thick * (x < -0.9 ? 0.32 : x > 0.9 ? 0 : 0.5)));
  const under = [0.35, -0.35, -0.98].map((x) => at(x, arch(x) + thick * (x > 0 ? 0.35 : 0.5)));
  return `<path d="${smooth([...upper, ...under], true, 0.42)}" fill="${brows.colour}" opacity=".92"/>`;
}

import { darken, lighten, mix } from './colour.js';
import { glow } from './glow.js';
import { mirrored, smooth, straight, type Point } from './path.js';
import type { Sketch } from './sketch.js';

/** Soles of the feet, mm below the eye line. */
export const FIGURE_BOTTOM = 1560;

const HEM = 640;

/** Neck, trunk, arms and legs. The head turns on them; they themselves only stride. */
export function drawBody({ traits, pose, id }: Sketch): string {
  const { face, skin, clothing } = traits;
  const turnShare = Math.sin((pose.yaw * Math.PI) / 180);
  const neck = face.jaw * 0.66 + 4;
  const base = face.length + 44;
  const shoulder = face.cheek * 2.05 + 22;
  const neckShape = smooth(
    mirrored([
      [0, face.length * 0.4],
      [neck + 1, face.length * 0.55],
      [neck, face.length + 8],
      [neck + 9, base - 2],
      [0, base + 22],
    ]),
    true,
    0.4,
  );
  const high = clothing.style === 'rollneck';
  const trunk = smooth(
    mirrored([
      [0, base + (high ? -8 : 12)],
      [neck + 4, base - (high ? 14 : 10)],
      [neck + 34, base + 6],
      [shoulder - 26, base + 26],
      [shoulder, base + 58],
      [shoulder + 8, base + 120],
      [shoulder + 14, base + 260],
      [shoulder + 6, HEM - 40],
      [shoulder - 6, HEM + 14],
      [0, HEM + 18],
    ]),
    true,
    0.4,
  );
  const { colour } = clothing;
  return `<defs><linearGradient id="${id}cloth" gradientUnits="userSpaceOnUse" x1="-170" y1="180" x2="170" y2="560"><stop offset="0" stop-color="${lighten(colour, 0.1)}"/><stop offset=".5" stop-color="${colour}"/><stop offset="1" stop-color="${darken(colour, 0.32)}"/></linearGradient><clipPath id="${id}neck"><path d="${neckShape}"/></clipPath></defs>
${drawLegs(shoulder, pose.stride, traits)}
<path d="${neckShape}" fill="${darken(skin, 0.12)}"/>
<g clip-path="url(#${id}neck)">${glow(id, { x: turnShare * 22 + 5, y: face.length - 2, rx: face.jaw + 10 + 9, ry: 39 }, darken(skin, 0.5), 0.5)}</g>
<path d="${trunk}" fill="url(#${id}cloth)"/>${drawClothes({ traits, neck, base, shoulder })}`;
}

/** Legs and hands; `stride` -1..1 sets one foot before the other. */
function drawLegs(shoulder: number, stride: number, { skin, clothing }: Sketch['traits']): string {
  const cloth = darken(mix(clothing.colour, '#2b3140', 0.82), 0.2);
  const leg = (s: number) => {
    const near = s * stride;
    const foot = FIGURE_BOTTOM - 40 + near * 36;
    const shape = smooth(
      [
        [s * 4, HEM - 20],
        [s * (shoulder - 42), HEM - 20],
        [s * (shoulder - 62 + near * 4), 1080 + near * 20],
        [s * (shoulder - 78 + near * 6), foot],
        [s * 30, foot],
        [s * 22, 1080 + near * 20],
      ],
      true,
      0.3,
    );
    return `<ellipse cx="${s * 66}" cy="${foot + 10}" rx="${46 + near * 5}" ry="${27 + near * 5}" fill="#2a2422"/><path d="${shape}" fill="${near < 0 ? darken(cloth, 0.25) : cloth}"/>`;
  };
  const hand = (s: number) =>
    `<ellipse cx="${s * (shoulder - 14)}" cy="${HEM + 38 + s * stride * -10}" rx="22" ry="44" fill="${darken(skin, 0.1)}"/>`;
  return (stride < 0 ? leg(1) + leg(-1) : leg(-1) + leg(1)) + hand(-1) + hand(1);
}

interface Cloth {
  traits: Sketch['traits'];
  neck: number;
  base: number;
  shoulder: number;
}

function drawClothes({ traits, neck, base, shoulder }: Cloth): string {
  const { style, colour, inner } = traits.clothing;
  const shade = darken(colour, 0.4);
  const sleeves = [-1, 1]
    .map((s) =>
      smooth(
        [
          [s * (shoulder - 24), base + 88],
          [s * (shoulder - 32), base + 150],
          [s * (shoulder - 34), HEM - 60],
          [s * (shoulder - 42), HEM + 16],
        ],
        false,
      ),
    )
    .map(
      (data) =>
        `<path d="${data}" stroke="${shade}" stroke-width="3" fill="none" opacity=".5" stroke-linecap="round"/>`,
    )
    .join('');
  const skinVee = (depth: number, fill: string, lower = 0) =>
    `<path d="${straight([
      [-neck - 3, base - 12 + lower],
      [neck + 3, base - 12 + lower],
      [0, base + depth],
    ] as Point[])}" fill="${fill}"/>`;
  switch (style) {
    case 'tee': {
      const collar = smooth(
        [
          [-neck - 8, base - 10],
          [-neck * 0.6, base + 12],
          [0, base + 20],
          [neck * 0.6, base + 12],
          [neck + 8, base - 10],
        ] as Point[],
        false,
      );
      return `<path d="${collar}" fill="${darken(traits.skin, 0.12)}"/><path d="${collar}" fill="none" stroke="${shade}" stroke-width="6" opacity=".8" stroke-linecap="round"/>${sleeves}`;
    }
    case 'rollneck': {
      const roll = smooth(
        mirrored([
          [0, base - 20],
          [neck + 4, base - 24],
          [neck + 9, base],
          [0, base + 14],
        ]),
        true,
        0.45,
      );
      const ribs = [-0.7, -0.35, 0, 0.35, 0.7]
        .map((x) =>
          straight(
            [
              [x * neck, base - 16],
              [x * (neck + 3), base + 6],
            ],
            false,
          ),
        )
        .join('');
      return `<path d="${roll}" fill="${lighten(colour, 0.08)}"/><path d="${ribs}" stroke="${shade}" stroke-width="1.6" opacity=".4" fill="none"/>${sleeves}`;
    }
    case 'hoodie': {
      const hood = smooth(
        mirrored([
          [0, base + 26],
          [neck + 2, base - 12],
          [neck + 30, base - 8],
          [neck + 34, base + 16],
          [neck * 0.7, base + 42],
          [0, base + 50],
        ]),
        true,
        0.45,
      );
      const cords = [-1, 1]
        .map((s) =>
          smooth(
            [
              [s * 13, base + 42],
              [s * 15, base + 80],
              [s * 13, base + 108],
            ],
            false,
          ),
        )
        .join('');
      return `${skinVee(26, darken(traits.skin, 0.12))}<path d="${hood}" fill="${lighten(colour, 0.07)}"/><path d="${hood}" fill="none" stroke="${shade}" stroke-width="2" opacity=".4"/><path d="${cords}" stroke="${inner}" stroke-width="4" fill="none" stroke-linecap="round"/>${sleeves}`;
    }
    case 'shirt': {
      const collar = (s: number) =>
        straight([
          [s * (neck + 4), base - 16],
          [s * (neck + 20), base + 4],
          [s * 26, base + 40],
          [s * 2, base + 18],
        ] as Point[]);
      const buttons = [58, 100, 142, 184]
        .map((y) => [0, base + y])
        .map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3.2" fill="${inner}"/>`)
        .join('');
      return `${skinVee(24, darken(traits.skin, 0.12))}<path d="${straight(
        [
          [0, base + 22],
          [0, HEM + 14],
        ],
        false,
      )}" stroke="${shade}" stroke-width="2" opacity=".5"/><path d="${collar(-1)}${collar(1)}" fill="${lighten(colour, 0.18)}" stroke="${shade}" stroke-opacity=".4" stroke-width="1.6"/>${buttons}${sleeves}`;
    }
    case 'blazer': {
      const lapel = (s: number) =>
        straight([
          [s * (neck + 6), base - 12],
          [s * (neck + 26), base + 14],
          [s * 50, base + 66],
          [s * 36, base + 72],
          [s * 2, base + 160],
        ] as Point[]);
      return `${skinVee(158, inner, 3)}${skinVee(30, darken(traits.skin, 0.12))}<path d="${lapel(-1)}${lapel(1)}" fill="${lighten(colour, 0.1)}" stroke="${shade}" stroke-opacity=".6" stroke-width="1.6"/><path d="${straight(
        [
          [0, base + 160],
          [0, HEM + 14],
        ],
        false,
      )}" stroke="${shade}" stroke-width="2"/>${sleeves}`;
    }
  }
}

import { darken, lighten } from './colour.js';
import { mirrored, smooth, straight, type Point } from './path.js';
import type { Sketch } from './sketch.js';

/** Where the drawing of a figure ends, mm below the eye line. */
export const FIGURE_BOTTOM = 420;

/** Neck, shoulders and clothes: they turn with the person only a little, so the head moves on them. */
export function drawBody({ traits, pose, id }: Sketch): string {
  const { face, skin, clothing } = traits;
  const turnShare = Math.sin((pose.yaw * Math.PI) / 180);
  const neck = face.jaw * 0.66 + 4;
  const base = face.length + 44;
  const shoulder = face.cheek * 2.05 + 22;
  const shift = ([x, y]: Point): Point => [x + turnShare * 10 + Math.abs(turnShare) * x * -0.05, y];
  const neckShape = smooth(
    mirrored([
      [0, face.length * 0.4],
      [neck + 1, face.length * 0.55],
      [neck, face.length + 8],
      [neck + 9, base - 2],
      [0, base + 22],
    ]).map(shift),
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
      [shoulder + 12, FIGURE_BOTTOM + 30],
      [0, FIGURE_BOTTOM + 30],
    ]).map(shift),
    true,
    0.4,
  );
  const { colour } = clothing;
  return `<defs><linearGradient id="${id}cloth" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${lighten(colour, 0.1)}"/><stop offset=".5" stop-color="${colour}"/><stop offset="1" stop-color="${darken(colour, 0.32)}"/></linearGradient><clipPath id="${id}neck"><path d="${neckShape}"/></clipPath></defs>
<path d="${neckShape}" fill="${darken(skin, 0.12)}"/>
<ellipse clip-path="url(#${id}neck)" cx="${turnShare * 22 + 5}" cy="${face.length - 2}" rx="${face.jaw + 10}" ry="30" fill="${darken(skin, 0.5)}" opacity=".5" filter="url(#${id}soft)"/>
<path d="${trunk}" fill="url(#${id}cloth)"/>${drawClothes({ traits, neck, base, shift, shoulder })}`;
}

interface Cloth {
  traits: Sketch['traits'];
  neck: number;
  base: number;
  shoulder: number;
  shift: (point: Point) => Point;
}

function drawClothes({ traits, neck, base, shift, shoulder }: Cloth): string {
  const { style, colour, inner } = traits.clothing;
  const shade = darken(colour, 0.4);
  const sleeves = [-1, 1]
    .map((s) =>
      smooth(
        [
          shift([s * (shoulder - 24), base + 88]),
          shift([s * (shoulder - 32), base + 150]),
          shift([s * (shoulder - 30), FIGURE_BOTTOM + 20]),
        ],
        false,
      ),
    )
    .map(
      (data) =>
        `<path d="${data}" stroke="${shade}" stroke-width="3" fill="none" opacity=".5" stroke-linecap="round"/>`,
    )
    .join('');
  const skinVee = (depth: number, fill: string) =>
    `<path d="${straight(
      (
        [
          [-neck - 3, base - 12],
          [neck + 3, base - 12],
          [0, base + depth],
        ] as Point[]
      ).map(shift),
    )}" fill="${fill}"/>`;
  switch (style) {
    case 'tee': {
      const collar = smooth(
        (
          [
            [-neck - 8, base - 10],
            [-neck * 0.6, base + 12],
            [0, base + 20],
            [neck * 0.6, base + 12],
            [neck + 8, base - 10],
          ] as Point[]
        ).map(shift),
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
        ]).map(shift),
        true,
        0.45,
      );
      const ribs = [-0.7, -0.35, 0, 0.35, 0.7]
        .map((x) => straight([shift([x * neck, base - 16]), shift([x * (neck + 3), base + 6])], false))
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
        ]).map(shift),
        true,
        0.45,
      );
      const cords = [-1, 1]
        .map((s) =>
          smooth(
            [shift([s * 13, base + 42]), shift([s * 15, base + 80]), shift([s * 13, base + 108])],
            false,
          ),
        )
        .join('');
      return `${skinVee(26, darken(traits.skin, 0.12))}<path d="${hood}" fill="${lighten(colour, 0.07)}"/><path d="${hood}" fill="none" stroke="${shade}" stroke-width="2" opacity=".4"/><path d="${cords}" stroke="${inner}" stroke-width="4" fill="none" stroke-linecap="round"/>${sleeves}`;
    }
    case 'shirt': {
      const collar = (s: number) =>
        straight(
          (
            [
              [s * (neck + 4), base - 16],
              [s * (neck + 20), base + 4],
              [s * 26, base + 40],
              [s * 2, base + 18],
            ] as Point[]
          ).map(shift),
        );
      const buttons = [58, 100, 142, 184]
        .map((y) => shift([0, base + y]))
        .map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3.2" fill="${inner}"/>`)
        .join('');
      return `${skinVee(24, darken(traits.skin, 0.12))}<path d="${straight([shift([0, base + 22]), shift([0, FIGURE_BOTTOM])], false)}" stroke="${shade}" stroke-width="2" opacity=".5"/><path d="${collar(-1)}${collar(1)}" fill="${lighten(colour, 0.18)}" stroke="${shade}" stroke-opacity=".4" stroke-width="1.6"/>${buttons}${sleeves}`;
    }
    case 'blazer': {
      const lapel = (s: number) =>
        straight(
          (
            [
              [s * (neck + 6), base - 12],
              [s * (neck + 26), base + 14],
              [s * 50, base + 66],
              [s * 36, base + 72],
              [s * 2, base + 160],
            ] as Point[]
          ).map(shift),
        );
      return `${skinVee(158, inner)}${skinVee(30, darken(traits.skin, 0.12))}<path d="${lapel(-1)}${lapel(1)}" fill="${lighten(colour, 0.1)}" stroke="${shade}" stroke-opacity=".6" stroke-width="1.6"/><path d="${straight([shift([0, base + 160]), shift([0, FIGURE_BOTTOM])], false)}" stroke="${shade}" stroke-width="2"/>${sleeves}`;
    }
  }
}

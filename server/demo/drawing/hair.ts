import { darken, lighten } from './colour.js';
import { glow } from './glow.js';
import { mirrored, smooth, type Point } from './path.js';
import type { Sketch } from './sketch.js';
import type { HairStyle } from './traits.js';

interface Cut {
  /** How far the hair stands off the skull at the crown and at the side, mm. */
  crown: number;
  side: number;
  /** Where the hair beside the face ends, mm below the eye line. */
  sideburn: number;
  /** How much of the forehead the hairline leaves bare: 1 all, 0 none. */
  bare: number;
  /** Hairline: the corners' height above the middle (receding), mm, and the parting's place, -1..1. */
  corners: number;
  part: number;
  /** Where the hair behind the neck ends, mm below the eye line; 0: none is seen. */
  back: number;
  /** Bumps of curls on the outline, mm; 0: smooth. */
  curl: number;
}

const cuts: Partial<Record<HairStyle, Cut>> = {
  crop: { crown: 4, side: 1, sideburn: 8, bare: 1, corners: 4, part: 0, back: 0, curl: 0 },
  short: { crown: 13, side: 4, sideburn: 14, bare: 0.86, corners: 5, part: -0.4, back: 0, curl: 0 },
  quiff: { crown: 26, side: 3, sideburn: 12, bare: 0.98, corners: 8, part: 0.35, back: 0, curl: 0 },
  receding: { crown: 3, side: 4, sideburn: 14, bare: 1.22, corners: 20, part: 0, back: 0, curl: 0 },
  curly: { crown: 24, side: 14, sideburn: 10, bare: 0.84, corners: 0, part: 0.2, back: 40, curl: 7 },
  afro: { crown: 46, side: 34, sideburn: 14, bare: 0.94, corners: -2, part: 0, back: 50, curl: 6 },
  bob: { crown: 15, side: 13, sideburn: 74, bare: 0.8, corners: -6, part: 0.3, back: 96, curl: 0 },
  fringe: { crown: 15, side: 12, sideburn: 62, bare: 0.42, corners: -8, part: 0, back: 88, curl: 0 },
  long: { crown: 13, side: 10, sideburn: 60, bare: 0.94, corners: -2, part: 0, back: 190, curl: 0 },
  wavy: { crown: 19, side: 18, sideburn: 84, bare: 0.86, corners: -4, part: -0.35, back: 165, curl: 9 },
  bun: { crown: 8, side: 2, sideburn: 6, bare: 0.96, corners: 1, part: 0.1, back: 0, curl: 0 },
};

/** Hair that lies behind the head and the neck, drawn before them. */
export function drawHairBehind(sketch: Sketch): string {
  const { traits, outline } = sketch;
  const { style, colour } = traits.hair;
  const { cheek, forehead } = traits.face;
  if (style === 'headscarf') return drawScarfBehind(sketch);
  const top = -forehead - 42;
  if (style === 'bun') {
    const [x, y] = outline([6, top - 17]);
    return `<circle cx="${x}" cy="${y}" r="27" fill="${darken(colour, 0.12)}"/><path d="M${x - 20} ${y + 4}q18 -26 38 -8M${x - 14} ${y + 14}q18 -24 36 -8" stroke="${lighten(colour, 0.16)}" stroke-width="2" fill="none" opacity=".5"/>`;
  }
  const cut = cuts[style];
  if (!cut || cut.back === 0) return '';
  const width = cheek + cut.side;
  const wide = cut.back > 120 ? width + 12 : width + 2;
  const right: Point[] = [
    [0, top - cut.crown + 4],
    [width * 0.8, top * 0.8 - cut.crown * 0.5],
    [width, -10],
    [wide, cut.back * 0.5],
    [wide - 2, cut.back * 0.82],
    [wide * 0.72, cut.back],
    [0, cut.back - 8],
  ];
  const contour = wave(mirrored(right), cut.curl).map(outline);
  return `<path d="${smooth(contour)}" fill="${darken(colour, 0.34)}"/>`;
}

/** Hair that falls over the forehead and beside the face, drawn after it. */
export function drawHairInFront(sketch: Sketch): string {
  const { traits, turn, outline, id } = sketch;
  const { style, colour } = traits.hair;
  if (style === 'headscarf') return drawScarfInFront(sketch);
  const cut = cuts[style];
  if (!cut) return drawBaldShine(sketch);
  const { cheek, forehead } = traits.face;
  const top = -forehead - 42;
  const width = cheek + cut.side;
  const line = -forehead * cut.bare;
  const outer: Point[] = wave(
    [
      [-width + 1, cut.sideburn],
      [-width, -12],
      [-width * 0.98, top * 0.45],
      [-width * 0.82, top * 0.79 - cut.crown * 0.4],
      [-width * 0.46 + cut.part * 8, top * 0.96 - cut.crown * 0.82],
      [width * 0.08 + cut.part * 12, top - cut.crown],
      [width * 0.5 + cut.part * 8, top * 0.95 - cut.crown * 0.76],
      [width * 0.83, top * 0.78 - cut.crown * 0.38],
      [width * 0.98, top * 0.45],
      [width, -12],
      [width - 1, cut.sideburn],
    ],
    cut.curl,
  ).map(outline);
  const long = cut.sideburn > 40;
  const edge = cheek - (long ? 5 : 3.5);
  const inside = (s: number): Point[] => [
    outline([s * (cheek - (long ? 1 : 2)), cut.sideburn - (long ? 4 : 0)]),
    outline([s * edge, cut.sideburn * 0.4 - 10]),
    turn(s * (cheek * 0.84), -forehead * 0.46),
    turn(s * (cheek * 0.7), line * 0.86 - cut.corners),
  ];
  const middle: Point[] = [
    turn(cheek * 0.36, line - cut.corners * 0.5 - cut.part * 5),
    turn(cut.part * cheek * 0.62, line - (cut.part === 0 ? 0 : 5)),
    turn(-cheek * 0.36, line - cut.corners * 0.5 + cut.part * 5),
  ];
  const hairline = [...inside(1), ...middle, ...inside(-1).reverse()];
  const shape = smooth(
    [...outer, ...(cut.curl > 0 ? wave(hairline, cut.curl * 0.35) : hairline)],
    true,
    0.46,
  );
  const [x, y] = outline([-20, top - cut.crown * 0.4]);
  const opacity = style === 'crop' ? 0.9 : 1;
  return `<defs><radialGradient id="${id}hair" gradientUnits="userSpaceOnUse" cx="${x}" cy="${y + 6}" r="${forehead + 74}"><stop offset="0" stop-color="${lighten(colour, 0.22)}"/><stop offset=".45" stop-color="${colour}"/><stop offset="1" stop-color="${darken(colour, 0.3)}"/></radialGradient><clipPath id="${id}cut"><path d="${shape}"/></clipPath></defs>
<path d="${smooth(hairline, false)}" stroke="${darken(traits.skin, 0.55)}" stroke-width="9" fill="none" opacity=".24" filter="url(#${id}soft)"/>
<path d="${shape}" fill="url(#${id}hair)" opacity="${opacity}"/><g clip-path="url(#${id}cut)" fill="none" stroke-linecap="round">${drawStrands(sketch, cut, top)}</g>`;
}

function drawStrands({ traits, outline, id }: Sketch, cut: Cut, top: number): string {
  const { colour } = traits.hair;
  const { cheek, forehead } = traits.face;
  if (cut.curl > 0) {
    const rings: string[] = [];
    for (let index = 0; index < 110; index++) {
      const angle = Math.PI + (((index * 0.754878) % 1) * 1.3 - 0.15) * Math.PI;
      const reach = 0.7 + ((index * 0.56984) % 1) * 0.36;
      const [x, y] = outline([
        Math.cos(angle) * (cheek + cut.side) * reach,
        Math.sin(angle) * (forehead + 42 + cut.crown) * reach,
      ]);
      rings.push(`M${x.toFixed(1)} ${y.toFixed(1)}q${index % 2 ? 7 : -7} -6 1 -11`);
    }
    return `<path d="${rings.join('')}" stroke="${lighten(colour, 0.2)}" stroke-width="2" opacity=".38"/>`;
  }
  const from = cut.part * cheek * 0.62;
  const strands: string[] = [];
  for (let index = 0; index < 15; index++) {
    const end = -1.05 + (index / 14) * 2.1;
    const points: Point[] = [
      outline([from + end * 6, -forehead * cut.bare - 10 - (1 - Math.abs(end)) * 10]),
      outline([from + end * cheek * 0.55, top * 0.86 - cut.crown * (0.7 - Math.abs(end) * 0.5)]),
      outline([end * (cheek + cut.side * 0.5), top * 0.42]),
      outline([end * (cheek + cut.side * 0.6), cut.sideburn * 0.8]),
    ];
    const light = index % 3 === 1;
    strands.push(
      `<path d="${smooth(points, false)}" stroke="${light ? lighten(colour, 0.28) : darken(colour, 0.3)}" stroke-width="${light ? 2.6 : 1.8}" opacity="${light ? 0.26 : 0.22}"/>`,
    );
  }
  const shine = smooth(
    [
      outline([-cheek * 0.8, top * 0.62]),
      outline([-cheek * 0.3, top - cut.crown * 0.4 + 8]),
      outline([cheek * 0.3, top - cut.crown * 0.4 + 10]),
    ],
    false,
  );
  return `${strands.join('')}<path d="${shine}" stroke="${lighten(colour, 0.5)}" stroke-width="9" opacity=".2" filter="url(#${id}soft)"/>`;
}

function drawBaldShine({ traits, turn, id }: Sketch): string {
  const [x, y] = turn(-22, -traits.face.forehead - 18);
  return `<g transform="rotate(-16 ${x} ${y})">${glow(id, { x, y, rx: 31, ry: 18 }, '#ffffff', 0.35)}</g>`;
}

function drawScarfBehind({ traits, outline }: Sketch): string {
  const { cheek, forehead, length } = traits.face;
  const contour = mirrored([
    [0, -forehead - 54],
    [cheek * 0.42, -forehead - 48],
    [cheek * 0.84, -forehead * 0.9 - 18],
    [cheek + 13, -10],
    [cheek + 10, length * 0.6],
    [cheek + 4, length + 26],
    [0, length + 40],
  ]).map(outline);
  return `<path d="${smooth(contour)}" fill="${darken(traits.hair.colour, 0.32)}"/>`;
}

function drawScarfInFront({ traits, turn, outline, id }: Sketch): string {
  const { cheek, forehead, length, jaw, chin } = traits.face;
  const { colour } = traits.hair;
  const outer = mirrored([
    [0, -forehead - 55],
    [cheek * 0.42, -forehead - 49],
    [cheek * 0.83, -forehead * 0.9 - 19],
    [cheek + 13, -14],
    [cheek + 9, length * 0.6],
    [jaw + 12, length + 14],
    [chin + 16, length + 42],
    [0, length + 48],
  ]).map(outline);
  const inner = mirrored([
    [0, -forehead * 0.84],
    [cheek * 0.58, -forehead * 0.74],
    [cheek * 0.86, -forehead * 0.25],
    [cheek * 0.92, 14],
    [jaw * 0.96, length * 0.6],
    [chin + 13, length * 0.9],
    [0, length - 1],
  ]).map(([x, y]) => (y > 20 ? outline([x, y]) : turn(x, y)));
  const fold = (dx: number) =>
    smooth(
      [
        outline([-cheek * 0.9 + dx, -forehead * 0.7]),
        outline([-cheek - 6 + dx * 0.4, 20]),
        outline([-jaw + dx, length + 4]),
        outline([dx * 1.4 - 6, length + 30]),
      ],
      false,
    );
  return `<path d="${smooth(inner)}" stroke="${darken(traits.skin, 0.6)}" stroke-width="8" fill="none" opacity=".3" filter="url(#${id}soft)"/>
<path fill-rule="evenodd" d="${smooth(outer)}${smooth(inner)}" fill="${colour}"/>
<g fill="none" stroke-linecap="round"><path d="${fold(-3)}${fold(9)}" stroke="${darken(colour, 0.4)}" stroke-width="2" opacity=".35"/>
<path d="${smooth(
    mirrored([
      [0, -forehead * 0.84 - 7],
      [cheek * 0.62, -forehead * 0.78 - 5],
      [cheek * 0.93, -forehead * 0.25],
    ])
      .slice(0, 3)
      .map(([x, y]) => turn(x, y)),
    false,
  )}" stroke="${lighten(colour, 0.4)}" stroke-width="2" opacity=".4"/></g>`;
}

/** Lays round curls along a line: half sine waves, pushed outwards from the head's middle. */
function wave(points: readonly Point[], height: number): Point[] {
  if (height === 0) return [...points];
  const bumped: Point[] = [];
  for (let index = 0; index < points.length - 1; index++) {
    const [from, to] = [points[index], points[index + 1]];
    const curls = Math.max(1, Math.round(Math.hypot(to[0] - from[0], to[1] - from[1]) / 19));
    for (let step = 0; step < curls * 4; step++) {
      const share = step / (curls * 4);
      const [x, y] = [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
      const away = Math.hypot(x, y + 30) || 1;
      const push = height * Math.abs(Math.sin(share * curls * Math.PI));
      bumped.push([x + (x / away) * push, y + ((y + 30) / away) * push]);
    }
  }
  bumped.push(points[points.length - 1]);
  return bumped;
}

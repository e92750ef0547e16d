import { darken, lighten } from './colour.js';
import { smooth, type Point } from './path.js';
import type { Sketch } from './sketch.js';

/** Beard and moustache, drawn after the face and before the mouth. */
export function drawBeard(sketch: Sketch): string {
  const { style } = sketch.traits.beard;
  if (style === 'none') return '';
  if (style === 'moustache') return drawMoustache(sketch, 1);
  if (style === 'goatee') return drawChinBeard(sketch) + drawMoustache(sketch, 0.9);
  return drawFullBeard(sketch) + (style === 'stubble' ? '' : drawMoustache(sketch, 0.95));
}

function drawFullBeard({ traits, turn, outline, id, pose }: Sketch): string {
  const { face, nose, mouth, beard } = traits;
  const mouthAt = nose.length + mouth.drop;
  const reach = { full: 17, short: 4, stubble: 0 }[beard.style as 'full' | 'short' | 'stubble'];
  const right = (s: number): Point[] => [
    outline([s * (face.cheek - 0.5), 6]),
    outline([s * (face.cheek + reach * 0.15), face.length * 0.32]),
    outline([s * (face.jaw + 1 + reach * 0.4), face.length * 0.66]),
    outline([s * ((face.jaw + face.chin) / 2 + 4 + reach * 0.4), face.length * 0.88 + reach * 0.5]),
    outline([s * (face.chin + reach * 0.2), face.length + reach * 0.9]),
  ];
  const cheekLine = (s: number): Point[] => [
    turn(s * (nose.width - 4), nose.length + mouth.drop * 0.32, 88),
    turn(s * (mouth.width + 6), mouthAt - 8 - pose.smile * 2),
    turn(s * (face.jaw * 0.74), mouthAt - 22),
    turn(s * (face.cheek * 0.86), 20),
  ];
  const shape = smooth(
    [
      ...right(1),
      outline([0, face.length + reach]),
      ...right(-1).reverse(),
      ...cheekLine(-1).reverse(),
      ...cheekLine(1),
    ],
    true,
    0.44,
  );
  if (beard.style === 'stubble')
    return `<g clip-path="url(#${id}skull)"><path d="${shape}" fill="${beard.colour}" opacity=".34" filter="url(#${id}soft)"/></g>`;
  const strands: string[] = [];
  for (let index = 0; index < 17; index++) {
    const across = -0.95 + (index / 16) * 1.9;
    const [x1, y1] = turn(across * face.jaw * 0.9, mouthAt + 4 + (1 - Math.abs(across)) * 12);
    const [x2, y2] = outline([
      across * (face.jaw * 0.86),
      face.length * 0.84 + (1 - across ** 2) * (20 + reach * 0.6),
    ]);
    strands.push(
      `M${x1.toFixed(1)} ${y1.toFixed(1)}Q${((x1 + x2) / 2 + across * 3).toFixed(1)} ${((y1 + y2) / 2).toFixed(1)} ${x2.toFixed(1)} ${y2.toFixed(1)}`,
    );
  }
  const [lightX, lightY] = turn(-16, mouthAt + 6);
  return `<defs><radialGradient id="${id}beard" gradientUnits="userSpaceOnUse" cx="${lightX}" cy="${lightY}" r="84"><stop offset="0" stop-color="${lighten(beard.colour, 0.14)}"/><stop offset=".6" stop-color="${beard.colour}"/><stop offset="1" stop-color="${darken(beard.colour, 0.25)}"/></radialGradient></defs>
<path d="${shape}" fill="url(#${id}beard)" opacity=".95"/>
<path d="${strands.join('')}" stroke="${darken(beard.colour, 0.4)}" stroke-width="1.2" fill="none" opacity=".3" stroke-linecap="round"/>`;
}

function drawChinBeard({ traits, turn, outline }: Sketch): string {
  const { face, nose, mouth, beard } = traits;
  const mouthAt = nose.length + mouth.drop;
  const side = (s: number): Point[] => [
    turn(s * (mouth.width + 3), mouthAt - 3),
    turn(s * (mouth.width + 4), mouthAt + 14),
    outline([s * (face.chin * 0.8), face.length * 0.96]),
  ];
  const shape = smooth(
    [
      ...side(1),
      outline([0, face.length + 4]),
      ...side(-1).reverse(),
      turn(-mouth.width * 0.5, mouthAt - 4),
      turn(mouth.width * 0.5, mouthAt - 4),
    ],
    true,
    0.42,
  );
  return `<path d="${shape}" fill="${beard.colour}" opacity=".93"/>`;
}

function drawMoustache({ traits, turn, pose }: Sketch, weight: number): string {
  const { nose, mouth, beard } = traits;
  const base = nose.length + 4;
  const lip = nose.length + mouth.drop - mouth.upper * 0.55 + 1;
  const spread = mouth.width * (1.02 + 0.1 * pose.smile);
  const half = (s: number): Point[] => [
    turn(s * nose.width * 0.55, base + 0.5, 94),
    turn(s * spread * 0.8, (base + lip) / 2 + 1),
    turn(s * (spread + 4), lip + 4 - pose.smile * 4),
    turn(s * spread * 0.7, lip + 1.5 * weight),
    turn(s * spread * 0.3, lip - 0.5),
  ];
  const shape = smooth(
    [turn(0, base + 1.5, 95), ...half(1), turn(0, lip - 2, 95), ...half(-1).reverse()],
    true,
    0.42,
  );
  return `<path d="${shape}" fill="${darken(beard.colour, 0.06)}" opacity=".96"/>`;
}

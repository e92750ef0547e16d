import { darken, lighten, mix } from './colour.js';
import { glow } from './glow.js';
import { mirrored, smooth, type Point } from './path.js';
import type { Sketch } from './sketch.js';

/** The outline of the face, clockwise from the crown, before it is turned. */
export function faceOutline({ traits: { face } }: Sketch): Point[] {
  const mouth = face.length * 0.64;
  return mirrored([
    [0, -face.forehead - 42],
    [face.cheek * 0.56, -face.forehead - 31],
    [face.cheek * 0.9, -face.forehead * 0.85],
    [face.cheek, -8],
    [face.cheek - 1.5, 18],
    [(face.cheek + face.jaw) / 2 + 2.5, face.length * 0.4],
    [face.jaw, mouth],
    [(face.jaw + face.chin) / 2 + 3, face.length * 0.86],
    [face.chin, face.length * 0.97],
    [0, face.length],
  ]);
}

/** Ears behind the face; the one that the head turns away from us is hidden by the face itself. */
export function drawEars(sketch: Sketch): string {
  const { traits, outline } = sketch;
  const { skin, face, ears } = traits;
  return [-1, 1]
    .map((side) => {
      const at = (x: number, y: number): Point => outline([side * (face.cheek + x), y + 12]);
      const rim = smooth([
        at(-8, -ears * 0.8),
        at(4, -ears),
        at(10, -ears * 0.72),
        at(9, -2),
        at(5, ears * 0.6),
        at(0, ears),
        at(-8, ears * 0.7),
      ]);
      const inner = smooth([
        at(0, -ears * 0.6),
        at(5, -ears * 0.6),
        at(5, -2),
        at(1, ears * 0.45),
        at(-2, 0),
      ]);
      return `<path d="${rim}" fill="${darken(skin, 0.1)}"/><path d="${inner}" fill="${darken(skin, 0.3)}" opacity=".55"/>`;
    })
    .join('');
}

/** The face itself: form, rim shadow, blush, chin and the lines of age, without its features. */
export function drawHead(sketch: Sketch): string {
  const { traits, turn, outline, id } = sketch;
  const { skin, face, age } = traits;
  const contour = smooth(faceOutline(sketch).map(outline));
  const [lightX, lightY] = turn(-14, 2);
  const blush = mix(skin, '#d2402f', 0.34);
  const cheek = (side: number) => turn(side * face.cheek * 0.56, face.length * 0.36);
  const cheeks = [-1, 1].map(cheek).map(([x, y]) => glow(id, { x, y, rx: 28, ry: 24 }, blush, 0.3));
  const hollow = [-1, 1].map((side) => {
    const points = [
      turn(side * face.cheek * 0.98, 20),
      turn(side * face.jaw * 0.8, face.length * 0.5),
      turn(side * face.jaw * 0.98, face.length * 0.7),
    ];
    return `<path d="${smooth(points, false)}" stroke="${darken(skin, 0.4)}" stroke-width="16" fill="none" opacity="${side > 0 ? 0.3 : 0.16}" filter="url(#${id}soft)"/>`;
  });
  const line = (points: Point[], opacity: number, width = 1.3) =>
    `<path d="${smooth(points, false)}" stroke="${darken(skin, 0.42)}" stroke-width="${width}" stroke-linecap="round" fill="none" opacity="${opacity.toFixed(2)}"/>`;
  const lines: string[] = [];
  const nose = traits.nose.length;
  const mouthAt = nose + traits.mouth.drop;
  const foldDepth = Math.min(1, 0.12 + age * 0.75 + sketch.pose.smile * 0.2);
  for (const side of [-1, 1]) {
    lines.push(
      line(
        [
          turn(side * (traits.nose.width + 5), nose - 4),
          turn(side * (traits.nose.width + 13), nose + 9),
          turn(side * (traits.mouth.width + 8), mouthAt - 2),
        ],
        foldDepth * 0.5,
        1.6,
      ),
    );
    if (age > 0.4) {
      const x = traits.eyes.apart + traits.eyes.width / 2;
      for (const spread of [-4, 1, 6])
        lines.push(
          line(
            [turn(side * (x + 4), spread * 0.6), turn(side * (x + 12), spread * 1.5)],
            (age - 0.3) * 0.55,
            1,
          ),
        );
      lines.push(
        line(
          [
            turn(side * (traits.mouth.width + 5), mouthAt + 4),
            turn(side * (traits.mouth.width + 7), mouthAt + 15),
          ],
          (age - 0.3) * 0.6,
        ),
      );
    }
  }
  if (age > 0.35)
    for (const rise of [0.52, 0.68, 0.84]) {
      const y = -face.forehead * rise - 6;
      lines.push(
        line([turn(-26, y + 1), turn(-10, y - 1), turn(10, y - 1), turn(27, y + 1)], (age - 0.25) * 0.5, 1.1),
      );
    }
  const [chinX, chinY] = turn(0, face.length - 14);
  const [pitX, pitY] = turn(0, mouthAt + traits.mouth.lower + 5);
  return `<defs>
<radialGradient id="${id}face" gradientUnits="userSpaceOnUse" cx="${lightX}" cy="${lightY}" r="128"><stop offset="0" stop-color="${lighten(skin, 0.2)}"/><stop offset=".5" stop-color="${skin}"/><stop offset=".84" stop-color="${darken(skin, 0.13)}"/><stop offset="1" stop-color="${darken(skin, 0.26)}"/></radialGradient>
<clipPath id="${id}skull"><path d="${contour}"/></clipPath></defs>
<path d="${contour}" fill="url(#${id}face)"/>
<g clip-path="url(#${id}skull)">${hollow.join('')}${cheeks.join('')}
${glow(id, { x: pitX, y: pitY, rx: 22, ry: 13 }, darken(skin, 0.4), 0.35)}
${glow(id, { x: chinX - 3, y: chinY, rx: 21, ry: 16 }, lighten(skin, 0.3), 0.5)}
${lines.join('')}${traits.freckles ? drawFreckles(sketch) : ''}</g>`;
}

function drawFreckles({ traits, turn }: Sketch): string {
  const dots: string[] = [];
  for (let index = 0; index < 46; index++) {
    // Steps by the powers of the plastic number scatter evenly without a random generator: the same person has the same freckles.
    const x = (((index * 0.754878) % 1) - 0.5) * 92;
    const y = 14 + ((index * 0.56984) % 1) * 22 - Math.abs(x) * 0.06;
    const [cx, cy] = turn(x, y);
    dots.push(`<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="${0.7 + (index % 3) * 0.25}"/>`);
  }
  return `<g fill="${darken(mix(traits.skin, '#a3521c', 0.5), 0.1)}" opacity=".5">${dots.join('')}</g>`;
}

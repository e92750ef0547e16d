import { darken, lighten } from './drawing/colour.js';
import { glow } from './drawing/glow.js';
import { smooth, type Point } from './drawing/path.js';
import { sceneFormat } from './scene-format.js';

export type BackdropName = 'entrance' | 'lobby' | 'side-door';

const { width, height } = sceneFormat;
/** Where the back wall meets the floor. */
const FLOOR = 458;

/** Where a backdrop has a clock on the wall: centre and radius, pixels. */
export const clocks: Partial<Record<BackdropName, { x: number; y: number; radius: number }>> = {
  entrance: { x: 905, y: 110, radius: 34 },
  lobby: { x: 270, y: 96, radius: 30 },
};

/**
 * The place that a camera looks at, as SVG of `sceneFormat` size.
 *
 * @param phase 0..1, once round a loop: daylight wanders, leaves and lamps move a little
 */
export function drawBackdrop(name: BackdropName, phase: number): string {
  const content = { entrance: drawEntrance, lobby: drawLobby, 'side-door': drawSideDoor }[name](phase);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`;
}

/** The hands of a wall clock as a square SVG, twice its radius wide. */
export function drawClockHands(radius: number, seconds: number): string {
  const hand = (turns: number, length: number, stroke: number, colour: string) => {
    const angle = turns * 2 * Math.PI;
    return `<line x1="${radius}" y1="${radius}" x2="${radius + Math.sin(angle) * length}" y2="${radius - Math.cos(angle) * length}" stroke="${colour}" stroke-width="${stroke}" stroke-linecap="round"/>`;
  };
  const size = radius * 2;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}">${hand(8.2 / 12, radius * 0.48, 4, '#2b2f36')}${hand((12 + seconds / 60) / 60, radius * 0.68, 3, '#2b2f36')}${hand((seconds % 60) / 60, radius * 0.74, 1.6, '#c2412f')}</svg>`;
}

const wave = (phase: number, offset = 0) => Math.sin((phase + offset) * 2 * Math.PI);

function room(wall: string, floor: string, skirting: string): string {
  return `<defs><linearGradient id="wall" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${lighten(wall, 0.12)}"/><stop offset="1" stop-color="${darken(wall, 0.08)}"/></linearGradient><linearGradient id="floor" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${darken(floor, 0.14)}"/><stop offset="1" stop-color="${lighten(floor, 0.1)}"/></linearGradient></defs>
<rect width="${width}" height="${FLOOR}" fill="url(#wall)"/><rect y="${FLOOR}" width="${width}" height="${height - FLOOR}" fill="url(#floor)"/><rect y="${FLOOR - 10}" width="${width}" height="12" fill="${skirting}"/>`;
}

/** Joints of a tiled floor, drawn to the vanishing point. */
function tiles(colour: string): string {
  const lines: string[] = [];
  for (let x = -2400; x <= width + 2400; x += 230)
    lines.push(`M${640 + (x - 640) * 0.4} ${FLOOR}L${x} ${height}`);
  for (const y of [478, 506, 546, 606, 690]) lines.push(`M0 ${y}H${width}`);
  return `<path d="${lines.join('')}" stroke="${colour}" stroke-width="2" opacity=".35" fill="none"/>`;
}

function plant(x: number, foot: number, scale: number, pot: string, phase: number): string {
  const leaves = Array.from({ length: 11 }, (_, index) => {
    const spread = (index - 5) / 5;
    const sway = wave(phase, index / 11) * 2.5;
    const tip: Point = [spread * 92 + sway, -250 + Math.abs(spread) * 105 - (index % 3) * 24];
    const blade = smooth(
      [
        [spread * 10, -96],
        [tip[0] * 0.42 - 17, tip[1] * 0.62 - 30],
        tip,
        [tip[0] * 0.52 + 13, tip[1] * 0.56 - 26],
      ],
      true,
      0.5,
    );
    return `<path d="${blade}" fill="${['#3d7a55', '#2f6548', '#559068'][index % 3]}"/>`;
  });
  return `<g transform="translate(${x} ${foot}) scale(${scale})"><ellipse cy="2" rx="70" ry="12" fill="#000" opacity=".22"/>${leaves.join('')}<path d="M-46 -100H46L36 0H-36Z" fill="${pot}"/><path d="M-50 -108H50V-92H-50Z" fill="${lighten(pot, 0.15)}"/></g>`;
}

function wallLight(x: number, y: number, power: number): string {
  return `${glow('b', { x, y: y + 10, rx: 162, ry: 175 }, '#ffe2a8', 0.3 + power * 0.1)}<path d="M${x - 17} ${y - 26}H${x + 17}L${x + 11} ${y + 24}H${x - 11}Z" fill="#fff3d6"/><rect x="${x - 5}" y="${y + 22}" width="10" height="12" fill="#8a7a5c"/>`;
}

function clockFace({ x, y, radius }: { x: number; y: number; radius: number }): string {
  const marks = Array.from({ length: 12 }, (_, hour) => {
    const [dx, dy] = [Math.sin((hour * Math.PI) / 6), -Math.cos((hour * Math.PI) / 6)];
    return `M${x + dx * radius * 0.78} ${y + dy * radius * 0.78}L${x + dx * radius * 0.88} ${y + dy * radius * 0.88}`;
  });
  return `<circle cx="${x}" cy="${y + 3}" r="${radius + 3}" fill="#000" opacity=".18"/><circle cx="${x}" cy="${y}" r="${radius}" fill="#fbfaf6" stroke="#3c4048" stroke-width="4"/><path d="${marks.join('')}" stroke="#3c4048" stroke-width="2.4"/>`;
}

function drawEntrance(phase: number): string {
  const cloud = wave(phase) * 26;
  const sun = 0.16 + 0.08 * wave(phase, 0.2);
  const leaf = (x: number) => (side: number) =>
    `<rect x="${x + (side < 0 ? 0 : 112)}" y="36" width="108" height="${FLOOR - 36}" fill="#bcd9e6" fill-opacity=".16" stroke="#4c5661" stroke-width="7"/>`;
  return `${room('#d9cfc0', '#a58d74', '#7d6a57')}${tiles('#6d5a48')}
<rect x="505" y="14" width="270" height="${FLOOR - 14}" fill="#4c5661"/><rect x="520" y="30" width="240" height="${FLOOR - 30}" fill="#bfe0ee"/>
<clipPath id="outside"><rect x="520" y="30" width="240" height="${FLOOR - 30}"/></clipPath><g clip-path="url(#outside)"><ellipse cx="${600 + cloud}" cy="92" rx="70" ry="20" fill="#fff" opacity=".85"/><ellipse cx="${690 + cloud * 1.6}" cy="132" rx="54" ry="15" fill="#fff" opacity=".7"/><path d="M520 300q60 -46 130 -24t110 -14v200h-240z" fill="#8fb58a"/><path d="M520 350h240v120h-240z" fill="#c9c4ba"/><circle cx="${556 + wave(phase) * 3}" cy="256" r="46" fill="#5f9364"/><circle cx="${586 + wave(phase, 0.2) * 3}" cy="276" r="34" fill="#6da371"/><rect x="556" y="290" width="11" height="70" fill="#6d5540"/></g>
${[-1, 1].map(leaf(530)).join('')}
<path d="M420 ${height}L540 ${FLOOR}H742L884 ${height}Z" fill="#fff3cf" opacity="${sun.toFixed(3)}"/>
<path d="M470 ${height}L556 ${FLOOR + 26}H724L812 ${height}Z" fill="#4a4f58" opacity=".8"/>
<rect x="60" y="70" width="240" height="250" rx="6" fill="#8a6d52"/>${[0, 1, 2, 3].map((row) => `<path d="M60 ${132 + row * 62}H300" stroke="#6d543d" stroke-width="7"/>`).join('')}${[78, 112, 150, 196, 230, 262].map((x, index) => `<rect x="${x}" y="${(index % 2 ? 86 : 150) - 4}" width="${18 + (index % 3) * 6}" height="46" fill="${['#b9543f', '#3f6f8a', '#d3a548', '#5f7f5a'][index % 4]}"/>`).join('')}
${wallLight(420, 150, wave(phase, 0.5))}${wallLight(1010, 200, wave(phase, 0.1))}${clockFace(clocks.entrance!)}
${plant(388, 500, 1, '#b9694a', phase)}${plant(1150, 560, 1.5, '#e6e0d4', phase + 0.3)}`;
}

function drawLobby(phase: number): string {
  const lamp = 0.34 + 0.07 * wave(phase, 0.4);
  const pendant = (x: number, drop: number) =>
    `<path d="M${x} 0V${drop}" stroke="#3a3f47" stroke-width="4"/>${glow('b', { x, y: drop + 90, rx: 202, ry: 162 }, '#ffe7b8', lamp)}<path d="M${x - 40} ${drop + 42}Q${x} ${drop - 30} ${x + 40} ${drop + 42}Z" fill="#d7a03f"/><ellipse cx="${x}" cy="${drop + 42}" rx="38" ry="8" fill="#fff4d8"/>`;
  return `${room('#9fb4b8', '#b7b3aa', '#5c6e73')}${tiles('#7d7a72')}
<rect x="526" y="26" width="228" height="${FLOOR - 26}" fill="#6f7a80"/><rect x="540" y="42" width="200" height="${FLOOR - 42}" fill="#e8e2d4"/><path d="M540 42L590 100V${FLOOR - 40}L540 ${FLOOR}Z" fill="#d2cbbb"/><path d="M740 42L690 100V${FLOOR - 40}L740 ${FLOOR}Z" fill="#c6bfae"/><path d="M590 ${FLOOR - 40}H690L740 ${FLOOR}H540Z" fill="#a39a88"/><rect x="618" y="150" width="46" height="${FLOOR - 190}" fill="#8fa7a2"/><circle cx="640" cy="84" r="7" fill="#fff6dd"/>
<rect x="840" y="96" width="270" height="180" fill="#f3eee2" stroke="#4b4a46" stroke-width="8"/><circle cx="${1010 + wave(phase) * 4}" cy="156" r="30" fill="#e2a04a"/><path d="M846 240q66 -84 124 -24t134 -46v100h-258z" fill="#3f6f78"/><path d="M846 256q80 -30 140 -4t118 -20v38h-258z" fill="#2c5159"/>
<rect x="70" y="352" width="330" height="96" rx="30" fill="#7c4f5d"/><rect x="52" y="396" width="366" height="86" rx="24" fill="#8c5b6a"/><rect x="96" y="376" width="132" height="62" rx="18" fill="#9c6a79"/><rect x="240" y="376" width="132" height="62" rx="18" fill="#9c6a79"/><path d="M84 480v22M386 480v22" stroke="#3c2f2c" stroke-width="10"/>
${pendant(330, 60)}${pendant(960, 34)}${clockFace(clocks.lobby!)}${plant(806, 492, 0.95, '#54636b', phase)}${plant(1196, 600, 1.5, '#c9784f', phase + 0.4)}`;
}

function drawSideDoor(phase: number): string {
  const lamp = 0.4 + 0.08 * wave(phase, 0.1);
  const led = Math.floor(phase * 40) % 4 === 0 ? '#7dff9a' : '#2f8f4a';
  const bricks: string[] = [];
  for (let row = 0; row < 20; row++)
    for (let column = -1; column < 17; column++)
      if ((row * 7 + column * 13) % 5 < 2)
        bricks.push(
          `<rect x="${column * 80 + (row % 2) * 40 + 2}" y="${row * 23 + 2}" width="76" height="19" fill="${(row + column) % 2 ? '#8a6a5c' : '#977566'}" opacity=".55"/>`,
        );
  return `${room('#90756a', '#7c7a78', '#55504e')}${bricks.join('')}
<path d="M0 520H${width}M0 606H${width}M260 ${FLOOR}L-60 ${height}M1010 ${FLOOR}L1330 ${height}" stroke="#5c5a58" stroke-width="3" opacity=".5"/>
<rect x="516" y="24" width="248" height="${FLOOR - 24}" fill="#3a4148"/><rect x="532" y="40" width="216" height="${FLOOR - 40}" fill="#2c353c"/><path d="M532 40h44l-6 ${FLOOR - 40}h-38z" fill="#4e6f74"/><rect x="586" y="80" width="150" height="${FLOOR - 80}" fill="#e9c98a" opacity=".22"/>
<rect x="800" y="236" width="42" height="66" rx="6" fill="#22262b"/><rect x="808" y="262" width="26" height="30" rx="3" fill="#3b4148"/><circle cx="821" cy="250" r="5" fill="${led}"/>
${glow('b', { x: 640, y: 120, rx: 405, ry: 229 }, '#ffdb94', lamp)}<path d="M604 0h72l14 16h-100z" fill="#20252a"/><ellipse cx="640" cy="18" rx="42" ry="8" fill="#fff2cf"/>
<path d="M40 0V${FLOOR}M64 0V300h110V0" stroke="#5d6468" stroke-width="14" fill="none"/><path d="M40 120h0M33 200h14" stroke="#474d50" stroke-width="20"/>
<rect x="952" y="300" width="210" height="160" rx="8" fill="#3f5d50"/><rect x="944" y="284" width="226" height="26" rx="8" fill="#4d6f60"/><path d="M1000 330v110M1057 330v110M1114 330v110" stroke="#34504a" stroke-width="8"/>
<rect x="250" y="70" width="170" height="120" fill="#2c3b49" stroke="#4b4441" stroke-width="9"/><path d="M335 70v120M250 130h170" stroke="#4b4441" stroke-width="6"/><circle cx="${302 + wave(phase) * 5}" cy="102" r="11" fill="#f2ead0" opacity=".8"/>
${plant(470, 492, 0.8, '#6b5a50', phase)}`;
}

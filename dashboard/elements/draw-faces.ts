import type { LiveFace, LiveHeader } from '../../server/events/live.js';
import { distance } from '../figures.js';
import { strings } from '../strings.js';

/** Where the frame lies on the canvas, in the canvas's pixels. */
export interface Placement {
  x: number;
  y: number;
  scale: number;
}

/** Over a picture the theme's colours do not apply; the sign and the line tell the states apart without them. */
const looks = {
  recognised: { line: '#4fe3a1', ink: '#04140c', dash: [], sign: '✓' },
  unknown: { line: '#ffb45c', ink: '#1d0f00', dash: [9, 6], sign: '?' },
  pending: { line: '#dbe6f5', ink: '#0b1017', dash: [2, 5], sign: '…' },
} as const;

function label(face: LiveFace): string {
  const measured = face.distance === null ? '' : `  ${distance(face.distance)}`;
  if (face.status === 'pending') return face.problem ?? strings.wall.pendingLabel;
  const name = face.status === 'recognised' ? face.person?.name : undefined;
  return `${name ?? strings.wall.unknownLabel}${measured}`;
}

/**
 * Draws the boxes, names and distances of a picture onto the same canvas in the same animation frame, so that
 * they can never be those of another picture. `ratio`: canvas pixels per CSS pixel.
 */
export function drawFaces(
  context: CanvasRenderingContext2D,
  header: LiveHeader,
  place: Placement,
  ratio: number,
): void {
  const { width, height } = context.canvas;
  const size = Math.round(Math.min(15, Math.max(12, width / ratio / 40)) * ratio);
  const pad = Math.round(size * 0.45);
  const tall = size + pad * 1.3;
  const taken: { x: number; y: number; wide: number }[] = [];
  context.save();
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.font = `600 ${size}px system-ui, sans-serif`;
  for (const face of header.faces) {
    const look = looks[face.status];
    const x = place.x + face.box.x * place.scale;
    const y = place.y + face.box.y * place.scale;
    const w = face.box.width * place.scale;
    const h = face.box.height * place.scale;
    outline(context, x, y, w, h, look.dash, look.line, ratio);

    const text = `${look.sign} ${label(face)}`;
    const wide = context.measureText(text).width + pad * 2;
    const left = Math.max(0, Math.min(x, width - wide));
    const above = y - tall - 2 * ratio;
    const hit = (top: number) =>
      taken.some(
        (other) => Math.abs(other.y - top) < tall && left < other.x + other.wide && other.x < left + wide,
      );
    let top = above >= 0 && !hit(above) ? above : y + h + 2 * ratio;
    if (top + tall > height || hit(top)) top = Math.max(0, Math.min(y + 2 * ratio, height - tall));
    taken.push({ x: left, y: top, wide });
    context.fillStyle = look.line;
    context.beginPath();
    context.roundRect(left, top, wide, tall, 4 * ratio);
    context.fill();
    context.fillStyle = look.ink;
    context.fillText(text, left + pad, top + tall / 2 + ratio / 2);
  }
  context.restore();
}

/** A dark line below a bright one: seen on any picture. */
function outline(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  w: number,
  h: number,
  dash: readonly number[],
  line: string,
  ratio: number,
): void {
  context.beginPath();
  context.roundRect(x, y, w, h, Math.min(w, h) * 0.08);
  context.setLineDash([]);
  context.strokeStyle = 'rgb(0 0 0 / 55%)';
  context.lineWidth = 4 * ratio;
  context.stroke();
  context.setLineDash(dash.map((length) => length * ratio));
  context.strokeStyle = line;
  context.lineWidth = 2 * ratio;
  context.stroke();
}

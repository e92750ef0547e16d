import sharp, { type OverlayOptions } from 'sharp';
import type { Picture } from '../server/frames/frame.js';

/** Ways to hold a picture of somebody before a camera: each takes the scene and gives what the camera would see. */
export const attacks: Record<string, (scene: Buffer) => Promise<Buffer>> = {
  // Printed on white paper, held by its edges, slightly turned.
  print: (scene) =>
    hold(scene, {
      frame: '#f4f2ec',
      edge: 14,
      fade: [0.72, 42],
      texture: halftone(4),
      fingers: true,
      turn: 3,
      shear: 0.05,
    }),
  // The same, close to the camera: its edges are out of the picture.
  'print, close': (scene) =>
    hold(scene, {
      frame: '#f4f2ec',
      edge: 0,
      fade: [0.72, 42],
      texture: halftone(3),
      fingers: false,
      turn: 1,
      shear: 0.02,
      full: true,
    }),
  // On a telephone: black frame, its lines against the camera's pixels, a window mirrored in the glass.
  screen: (scene) =>
    hold(scene, {
      frame: '#0b0c0e',
      edge: 26,
      fade: [0.95, -4],
      texture: lines(3.1),
      fingers: true,
      turn: -4,
      shear: 0.03,
      glare: true,
    }),
  'screen, close': (scene) =>
    hold(scene, {
      frame: '#0b0c0e',
      edge: 0,
      fade: [0.95, -4],
      texture: lines(2.3),
      fingers: false,
      turn: 1,
      shear: 0,
      glare: true,
      full: true,
    }),
};

/** What a camera makes of a scene: its softness, its noise, its compression. The same for faces and for pictures of faces. */
export async function photograph(scene: Buffer): Promise<Picture> {
  const { width, height } = await sharp(scene).metadata();
  const noise = await sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 5 },
    },
  })
    .png()
    .toBuffer();
  const seen = await sharp(scene)
    .removeAlpha()
    .blur(0.6)
    .composite([{ input: noise, blend: 'soft-light' }])
    .jpeg({ quality: 85 })
    .toBuffer();
  const { data, info } = await sharp(seen).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: new Uint8Array(data) };
}

interface Held {
  frame: string;
  /** Width of the frame, pixels. */
  edge: number;
  /** Contrast and brightness: value * fade[0] + fade[1]. */
  fade: [number, number];
  /** A drawing that is multiplied into it. */
  texture: (width: number, height: number) => string;
  fingers: boolean;
  /** Degrees. */
  turn: number;
  shear: number;
  glare?: boolean;
  /** It fills the camera's picture. */
  full?: boolean;
}

async function hold(scene: Buffer, held: Held): Promise<Buffer> {
  const { width, height } = await sharp(scene).metadata();
  const overlays: OverlayOptions[] = [{ input: Buffer.from(held.texture(width, height)), blend: 'multiply' }];
  if (held.glare) overlays.push({ input: Buffer.from(glare(width, height)), blend: 'screen' });
  const shown = await sharp(scene)
    .removeAlpha()
    .linear(...held.fade)
    .composite(overlays)
    .png()
    .toBuffer();
  const framed = await sharp(shown)
    .extend({ top: held.edge, bottom: held.edge, left: held.edge, right: held.edge, background: held.frame })
    .png()
    .toBuffer();
  const turn = (held.turn * Math.PI) / 180;
  const matrix: [[number, number], [number, number]] = [
    [Math.cos(turn), -Math.sin(turn) + held.shear],
    [Math.sin(turn), Math.cos(turn)],
  ];
  const warped = await sharp(framed)
    .ensureAlpha()
    .affine(matrix, { background: '#00000000', interpolator: 'bicubic' })
    .png()
    .toBuffer();
  if (held.full)
    return sharp(warped)
      .resize(width, height, { fit: 'cover' })
      .flatten({ background: '#555' })
      .png()
      .toBuffer();
  const size = { width: Math.round(width * 0.78), height: Math.round(height * 0.78) };
  const small = await sharp(warped)
    .resize({ ...size, fit: 'inside' })
    .png()
    .toBuffer();
  const layers: OverlayOptions[] = [{ input: small, gravity: 'centre' }];
  if (held.fingers) layers.push({ input: Buffer.from(fingers(width, height)) });
  return sharp({ create: { width, height, channels: 3, background: '#7d7468' } })
    .composite(layers)
    .png()
    .toBuffer();
}

/** Dots of ink, `pitch` pixels apart. */
const halftone =
  (pitch: number) =>
  (width: number, height: number): string =>
    pattern(
      width,
      height,
      pitch,
      `<rect width="${pitch}" height="${pitch}" fill="#fff"/><circle cx="${pitch / 2}" cy="${pitch / 2}" r="${pitch * 0.38}" fill="#cfcbc4"/>`,
    );

/** Rows and columns of a screen, which beat against those of the camera. */
const lines =
  (pitch: number) =>
  (width: number, height: number): string =>
    pattern(
      width,
      height,
      pitch,
      `<rect width="${pitch}" height="${pitch}" fill="#f4f8ff"/><rect width="${pitch}" height="${pitch * 0.4}" fill="#b9c3d6"/><rect width="${pitch * 0.3}" height="${pitch}" fill="#ccd6e6"/>`,
    );

function pattern(width: number, height: number, pitch: number, cell: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><pattern id="t" width="${pitch}" height="${pitch}" patternUnits="userSpaceOnUse" patternTransform="rotate(2)">${cell}</pattern></defs><rect width="100%" height="100%" fill="url(#t)"/></svg>`;
}

function glare(width: number, height: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs><radialGradient id="g"><stop offset="0" stop-color="#fff" stop-opacity=".5"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient></defs><ellipse cx="${width * 0.68}" cy="${height * 0.25}" rx="${width * 0.22}" ry="${height * 0.3}" fill="url(#g)"/></svg>`;
}

function fingers(width: number, height: number): string {
  const finger = (x: number, lean: number): string =>
    `<ellipse cx="${x}" cy="${height * 0.93}" rx="${width * 0.025}" ry="${height * 0.1}" fill="#c99b80" transform="rotate(${lean} ${x} ${height})"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${finger(width * 0.22, 14)}${finger(width * 0.28, 9)}${finger(width * 0.74, -11)}</svg>`;
}

import sharp from 'sharp';
import type { Face } from '../../server/faces/face.js';
import type { Picture } from '../../server/frames/frame.js';
import { embeddingOf } from '../fixtures/enrolled-person.js';

export function faceAt(x: number, width: number, text: string, score = 0.9): Face {
  return {
    box: { x, y: 10, width, height: width * 1.2 },
    score,
    landmarks: new Float32Array(136),
    quality: null,
    embedding: embeddingOf(text),
  };
}

/** A real picture file with one plain rectangle for each "face": its colour is who it is. */
export async function photoOf(
  colours: string[],
  options: { width?: number; face?: number; format?: 'jpeg' | 'png' | 'webp' | 'avif'; salt?: number } = {},
): Promise<Buffer> {
  const { width = 640, face = 120, format = 'png', salt = 0 } = options;
  const faces = colours.map(
    (colour, i) =>
      `<rect x="${20 + i * (face + 20)}" y="20" width="${face}" height="${face}" fill="${colour}"/>`,
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="240"><rect width="100%" height="100%" fill="#${(0xffffff - salt).toString(16)}"/>${faces.join('')}</svg>`;
  return await sharp(Buffer.from(svg)).toFormat(format, { quality: 95 }).toBuffer();
}

/**
 * Stands in for the networks, and only for them: finds the rectangles of `photoOf` in decoded pixels.
 * The colour, rounded to 64 steps, is the identity.
 */
export function rectangleRecogniser() {
  const calls: Picture[] = [];
  const recognise = (picture: Picture): Promise<Face[]> => {
    calls.push(picture);
    const row = Math.min(40, picture.height - 1);
    const at = (x: number) => [0, 1, 2].map((c) => picture.pixels[(row * picture.width + x) * 3 + c]);
    const faces: Face[] = [];
    for (let x = 0; x < picture.width; x += 1) {
      if (isBackground(at(x))) continue;
      const from = x;
      while (x < picture.width && !isBackground(at(x))) x += 1;
      const colour = at(Math.round((from + x) / 2));
      if (x - from > 4) faces.push(faceAt(from, x - from, colour.map((c) => Math.round(c / 64)).join()));
    }
    return Promise.resolve(faces.sort((a, b) => b.box.width - a.box.width));
  };
  return { recognise, calls };
}

const isBackground = (rgb: number[]) => rgb.every((c) => c > 200);

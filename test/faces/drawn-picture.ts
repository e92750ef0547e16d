import sharp from 'sharp';
import { demoPeople, demoStrangers } from '../../server/demo/people.js';
import { drawPortrait, portraitSize, type Pose } from '../../server/demo/portrait.js';
import type { Picture } from '../../server/frames/frame.js';

export interface Guest {
  /** Id of somebody of the demo. */
  id: string;
  /** Where the point between the eyes lies, pixels. */
  x: number;
  y: number;
  pose?: Partial<Pose>;
}

/** A plain wall with drawn people before it, slightly blurred as a camera sees them; pixels in shared memory. */
export async function drawnPicture(
  guests: readonly Guest[],
  { width = 1280, height = 720 }: { width?: number; height?: number } = {},
): Promise<Picture> {
  const layers = await Promise.all(
    guests.map(async ({ id, x, y, pose = {} }) => {
      const person = [...demoPeople, ...demoStrangers].find((one) => one.id === id)!;
      const { width: wide, eyesX, eyesY } = portraitSize(pose.size ?? 220);
      const left = Math.round(x - eyesX);
      const top = Math.round(y - eyesY);
      const figure = sharp(Buffer.from(drawPortrait(person.traits, pose))).png();
      // What reaches over the edges is cut off: sharp refuses layers that do.
      const cut = { left: Math.max(0, -left), top: Math.max(0, -top) };
      const { height: tall } = portraitSize(pose.size ?? 220);
      const input = await sharp(await figure.toBuffer())
        .extract({
          ...cut,
          width: Math.min(wide - cut.left, width - Math.max(0, left)),
          height: Math.min(tall - cut.top, height - Math.max(0, top)),
        })
        .toBuffer();
      return { input, left: Math.max(0, left), top: Math.max(0, top) };
    }),
  );
  const wall = sharp({ create: { width, height, channels: 3, background: '#a9b0b5' } }).composite(layers);
  const data = await sharp(await wall.png().toBuffer())
    .blur(1)
    .removeAlpha()
    .raw()
    .toBuffer();
  const pixels = new Uint8Array(new SharedArrayBuffer(data.length));
  pixels.set(data);
  return { width, height, pixels };
}

/** Euclidean distance of two embeddings. */
export function apart(a: Float32Array, b: Float32Array): number {
  return Math.hypot(...a.map((value, i) => value - b[i]));
}

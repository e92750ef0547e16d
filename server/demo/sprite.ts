import sharp from 'sharp';

/** A picture with transparency: width x height x 4 bytes, R G B multiplied by alpha, then alpha. */
export interface Sprite {
  width: number;
  height: number;
  pixels: Uint8Array;
}

/** Renders an SVG document of the demo. */
export async function renderSprite(svg: string): Promise<Sprite> {
  const { data, info } = await sharp(Buffer.from(svg))
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3];
    if (alpha === 255) continue;
    for (let channel = 0; channel < 3; channel++)
      data[at + channel] = (data[at + channel] * alpha + 127) / 255;
  }
  return { width: info.width, height: info.height, pixels: data };
}

/** Half the size: each pixel is the mean of four, so that a sprite shown small does not glitter. */
export function halve({ width, height, pixels }: Sprite): Sprite {
  const [halfWidth, halfHeight] = [width >> 1, height >> 1];
  const half = new Uint8Array(halfWidth * halfHeight * 4);
  for (let y = 0; y < halfHeight; y++)
    for (let x = 0; x < halfWidth; x++) {
      const from = (y * 2 * width + x * 2) * 4;
      const below = from + width * 4;
      const to = (y * halfWidth + x) * 4;
      for (let channel = 0; channel < 4; channel++)
        half[to + channel] =
          (pixels[from + channel] +
            pixels[from + 4 + channel] +
            pixels[below + channel] +
            pixels[below + 4 + channel] +
            2) >>
          2;
    }
  return { width: halfWidth, height: halfHeight, pixels: half };
}

/**
 * Lays a sprite over an RGB picture, its upper left corner at `left`, `top`. At a scale of 1 it is copied to whole
 * pixels; otherwise it is enlarged or shrunk with bilinear interpolation and placed to fractions of pixels.
 */
export function layOver(picture: RgbPicture, sprite: Sprite, left: number, top: number, scale: number): void {
  if (scale === 1) copyOver(picture, sprite, Math.round(left), Math.round(top));
  else scaleOver(picture, sprite, left, top, scale);
}

interface RgbPicture {
  width: number;
  height: number;
  pixels: Uint8Array;
}

function copyOver({ width, height, pixels }: RgbPicture, sprite: Sprite, left: number, top: number): void {
  const source = sprite.pixels;
  const fromX = Math.max(0, left);
  const toX = Math.min(width, left + sprite.width);
  for (let y = Math.max(0, top); y < Math.min(height, top + sprite.height); y++) {
    let to = (y * width + fromX) * 3;
    let at = ((y - top) * sprite.width + fromX - left) * 4;
    for (let x = fromX; x < toX; x++, to += 3, at += 4) {
      const alpha = source[at + 3];
      if (alpha === 0) continue;
      const rest = 255 - alpha;
      pixels[to] = source[at] + (pixels[to] * rest + 127) / 255;
      pixels[to + 1] = source[at + 1] + (pixels[to + 1] * rest + 127) / 255;
      pixels[to + 2] = source[at + 2] + (pixels[to + 2] * rest + 127) / 255;
    }
  }
}

function scaleOver(picture: RgbPicture, sprite: Sprite, left: number, top: number, scale: number): void {
  const { width, height, pixels } = picture;
  const fromX = Math.max(0, Math.ceil(left));
  const toX = Math.min(width, Math.floor(left + (sprite.width - 1) * scale));
  const fromY = Math.max(0, Math.ceil(top));
  const toY = Math.min(height, Math.floor(top + (sprite.height - 1) * scale));
  const step = 1 / scale;
  const stride = sprite.width * 4;
  const source = sprite.pixels;
  for (let y = fromY; y < toY; y++) {
    const sourceY = (y - top) * step;
    const row = Math.floor(sourceY);
    // Weights are 0..256 integers, and two of them are multiplied: 16 bits are shifted out at the end.
    const down = Math.round((sourceY - row) * 256);
    const up = 256 - down;
    let to = (y * width + fromX) * 3;
    let sourceX = (fromX - left) * step;
    for (let x = fromX; x < toX; x++, to += 3, sourceX += step) {
      const column = sourceX | 0;
      const at = row * stride + column * 4;
      const below = at + stride;
      const right = ((sourceX - column) * 256) | 0;
      const first = 256 - right;
      const alpha =
        ((source[at + 3] * first + source[at + 7] * right) * up +
          (source[below + 3] * first + source[below + 7] * right) * down) >>>
        16;
      if (alpha === 0) continue;
      const rest = 255 - alpha;
      for (let channel = 0; channel < 3; channel++) {
        const colour =
          ((source[at + channel] * first + source[at + 4 + channel] * right) * up +
            (source[below + channel] * first + source[below + 4 + channel] * right) * down) >>>
          16;
        pixels[to + channel] = colour + (pixels[to + channel] * rest + 127) / 255;
      }
    }
  }
}

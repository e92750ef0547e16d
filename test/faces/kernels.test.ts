import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { crop } from '../../server/faces/crop.js';
import { isInside } from '../../server/faces/crop-inside.js';
import { draw } from '../../server/faces/draw.js';
import type { Box } from '../../server/faces/face.js';
import { openRgbDrawing } from '../../server/faces/kernels/draw-rgb.js';
import { kernelsOver } from '../../server/faces/kernels/kernels.js';
import { openPixelMemory, type PixelMemory } from '../../server/faces/kernels/pixel-memory.js';
import { measureQuality } from '../../server/faces/quality.js';
import { shrink } from '../../server/faces/shrink.js';
import { stretch } from '../../server/faces/stretch.js';
import { newFrame, type Picture, type YuvMatrix } from '../../server/frames/frame.js';
import { drawRgbPlainly, toRgb } from '../../server/frames/to-rgb.js';

// The kernels in WebAssembly against the loops in JavaScript that they stand in for, on made-up pictures and places.

let seed = 1;
const random = (): number => (seed = (seed * 16807) % 2147483647) / 2147483647;
const between = (least: number, most: number): number => least + random() * (most - least);

/** Neighbours differ much, so a sample of the wrong pixel shows. */
function noise(width: number, height: number): Picture {
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = random() * 256;
  return { width, height, pixels };
}

/** Waves, as smooth as a picture from a lens. */
function smooth(width: number, height: number): Picture {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return 128 + 60 * Math.sin(x / 9 + (i % 3)) + 50 * Math.cos(y / 7);
  });
  return { width, height, pixels };
}

function apart(a: Float32Array, b: Float32Array): { mean: number; most: number } {
  const each = a.map((value, i) => Math.abs(value - b[i]));
  return {
    mean: each.reduce((sum, value) => sum + value, 0) / each.length,
    most: each.reduce((x, y) => Math.max(x, y)),
  };
}

let memory: PixelMemory;
beforeAll(async () => {
  memory = (await openPixelMemory())!;
});

/** The same in JavaScript, and in kernels: fails where they were not used. */
function both(picture: Picture, length: number, work: (picture: Picture, target: Float32Array) => void) {
  const plain = new Float32Array(length).fill(7);
  work(picture, plain);
  const [brought] = memory.bring([picture]);
  const fast = memory.scratch('test', length).fill(7);
  expect(kernelsOver(brought.pixels, fast)).not.toBeNull();
  work(brought, fast);
  return { plain, fast: Float32Array.from(fast) };
}

/** Turned crops that lie in the picture, and so are worked on by kernels. */
function* crops(picture: Picture, size: number, least: number, most: number) {
  for (let found = 0; found < 25;) {
    const [scale, angle] = [between(least, most), between(-3, 3)];
    const [a, c] = [scale * Math.cos(angle), scale * Math.sin(angle)];
    const place = { x0: between(0, picture.width), y0: between(0, picture.height) };
    const transform = { a, b: -c, c, d: a, ...place };
    if (!isInside(picture, transform, size)) continue;
    found += 1;
    yield transform;
  }
}

describe('kernels', () => {
  it.each([1, 1.5])('average what a crop shrinks exactly, samples %d pixels apart', (spacing) => {
    const picture = noise(331, 277);
    const size = 19;
    for (const transform of crops(picture, size, 1.3, 9)) {
      const { plain, fast } = both(picture, size * size * 3 + 6, (from, to) =>
        crop(from, transform, size, to, 3, spacing),
      );
      expect(apart(plain, fast).most).toBeLessThan(1e-4);
    }
  });

  it('interpolate what a crop does not shrink, to a part of a level', () => {
    const size = 150;
    const waves = smooth(331, 277);
    for (const transform of crops(waves, size, 0.2, 1.2)) {
      const { plain, fast } = both(waves, size * size * 3, (from, to) => crop(from, transform, size, to, 0));
      expect(apart(plain, fast).most).toBeLessThan(0.05);
    }
    const picture = noise(331, 277);
    for (const transform of crops(picture, size, 0.2, 1.2)) {
      const { plain, fast } = both(picture, size * size * 3, (from, to) =>
        crop(from, transform, size, to, 0),
      );
      expect(apart(plain, fast).most).toBeLessThan(1);
    }
  });

  it('write not a number beside the crop', () => {
    const picture = noise(100, 90);
    const { fast } = both(picture, 10 * 10 * 3 + 6, (from, to) => {
      crop(from, { a: 2, b: 0, c: 0, d: 2, x0: 20, y0: 20 }, 10, to, 3);
      crop(from, { a: 1, b: 0, c: 0, d: 1, x0: 20, y0: 20 }, 10, to, 3);
    });
    expect([...fast.subarray(0, 3), ...fast.subarray(-3)]).toEqual(Array(6).fill(7));
  });

  it.each<[what: string, width: number, height: number, region: Box]>([
    ['a quarter', 80, 45, { x: 0, y: 0, width: 320, height: 180 }],
    ['a quarter of a region', 40, 25, { x: 60, y: 31, width: 160, height: 100 }],
    ['half', 150, 80, { x: 3, y: 1, width: 300, height: 160 }],
    ['a sixth and a bit', 51, 29, { x: 0, y: 0, width: 320, height: 180 }],
    ['a sixteenth', 20, 11, { x: 0, y: 0, width: 320, height: 180 }],
    ['more than kernels can', 16, 9, { x: 0, y: 0, width: 320, height: 180 }],
  ])('shrink to %s exactly', (_what, width, height, region) => {
    const across = width + 8;
    const { plain, fast } = both(noise(320, 180), across * height * 3, (from, to) =>
      shrink(from, region, width, height, to, across),
    );
    expect(apart(plain, fast).most).toBeLessThan(1e-4);
  });

  it.each([64, 67])('stretch a canvas of %i pixels alike, and only what is drawn', (width) => {
    const dull = Float32Array.from({ length: 80 * 50 * 3 }, () => between(60, 140));
    const { plain, fast } = both(noise(8, 8), dull.length, (_, to) => {
      to.set(dull);
      stretch(to, 80, width, 48);
    });
    expect(apart(plain, fast).most).toBeLessThan(1e-3);
    expect(apart(plain, dull).most).toBeGreaterThan(20);
  });

  it('measure the same quality', () => {
    const picture = smooth(400, 300);
    for (const side of [40, 90, 160]) {
      const at = (x: number, y: number): number[] => [120 + x * side, 80 + y * side];
      const landmarks = Float32Array.from(
        Array.from({ length: 68 }, (_, i) => at((i % 9) / 9, Math.floor(i / 9) / 8)).flat(),
      );
      [36, 39, 42, 45].forEach((eye, i) => landmarks.set(at(0.1 + i * 0.26, 0.2), eye * 2));
      landmarks.set(at(0.5, 0.6), 66);
      const face = { box: { x: 120, y: 80, width: side, height: side }, score: 0.9, landmarks };
      const plain = measureQuality(picture, face);
      const fast = measureQuality(memory.bring([picture])[0], face, memory.scratch);
      // An interpolated chip is off by some hundredths of a level.
      expect(fast.sharpness).toBeCloseTo(plain.sharpness, 3);
      expect(fast.brightness).toBeCloseTo(plain.brightness, 2);
      expect(fast.contrast).toBeCloseTo(plain.contrast, 2);
      expect(plain.sharpness).toBeGreaterThan(0);
    }
  });

  it.each<[matrix: YuvMatrix, width: number, height: number]>([
    ['bt601', 320, 180],
    ['bt709', 320, 180],
    ['bt2020', 48, 16],
    ['smpte240m', 16, 2],
    ['bt709', 18, 6],
    ['bt601', 330, 34],
  ])('make planes in %s of %i x %i pixels to the very same RGB', (matrix, width, height) => {
    const frame = newFrame({ width, height });
    frame.matrix = matrix;
    frame.planes.forEach((_, i) => (frame.planes[i] = random() * 256));
    const plain = new Uint8Array(width * height * 3);
    toRgb(frame, { x: 0, y: 0, width, height }, plain);
    // A second picture that lies behind: not a byte of it is drawn over.
    const second = noise(width, height);
    const [, behind] = memory.bring([frame, second]);
    const [brought] = memory.bring([frame]);
    expect(kernelsOver(brought.pixels)).not.toBeNull();
    // toEqual goes through them one by one, which takes seconds.
    expect(Buffer.compare(brought.pixels, plain)).toBe(0);
    expect(Buffer.compare(behind.pixels, second.pixels)).toBe(0);
  });

  it('draw frames for others alike, and JavaScript does where they are not', async () => {
    const frame = newFrame({ width: 66, height: 40 });
    frame.planes.forEach((_, i) => (frame.planes[i] = random() * 256));
    const plain = new Uint8Array(66 * 40 * 3);
    toRgb(frame, { x: 0, y: 0, width: 66, height: 40 }, plain);
    for (const draw of [await openRgbDrawing(), await openRgbDrawing(new URL('file:///nowhere.wasm'))]) {
      const rgb = new Uint8Array(plain.length);
      draw(frame, rgb);
      expect(Buffer.compare(rgb, plain)).toBe(0);
    }
    expect(await openRgbDrawing()).not.toBe(drawRgbPlainly);
  });

  it('leave planes that are too narrow for them or do not fit to JavaScript', () => {
    for (const size of [
      { width: 14, height: 8 },
      { width: 4096, height: 4096 },
    ]) {
      const frame = newFrame(size);
      frame.planes.fill(90);
      const [brought] = memory.bring([frame]);
      expect(kernelsOver(brought.pixels)).toBeNull();
      expect(brought.pixels).toHaveLength(size.width * size.height * 3);
      const rgb = new Uint8Array(3);
      toRgb(frame, { x: 7, y: 7, width: 1, height: 1 }, rgb);
      expect(brought.pixels.subarray(-3)).toEqual(rgb);
    }
  });

  it('leave what does not fit in the memory to JavaScript', () => {
    const large = { width: 4000, height: 3000, pixels: new Uint8Array(36_000_000).fill(90) };
    large.pixels.set(noise(4000, 40).pixels);
    const [first, second] = memory.bring([large, large]);
    // Compared here: toBe itself would go through millions of bytes.
    expect(first === large).toBe(false);
    expect(second === large).toBe(true);
    const canvas = memory.scratch('too large', 9_000_000);
    expect(canvas.length).toBe(9_000_000);
    expect(kernelsOver(canvas)).toBeNull();
    const plain = draw(large, { x: 0, y: 0, width: 4000, height: 3000 }, 320, 32);
    const fast = draw(second, { x: 0, y: 0, width: 4000, height: 3000 }, 320, 32, memory.scratch);
    expect(apart(plain.canvas, fast.canvas).most).toBeLessThan(1e-3);
  });

  it('are done without where they are not built or cannot run', async () => {
    const file = join(tmpdir(), `not-kernels-${process.pid}.wasm`);
    await writeFile(file, 'no WebAssembly');
    try {
      expect(await openPixelMemory(pathToFileURL(file))).toBeNull();
    } finally {
      await rm(file);
    }
    expect(await openPixelMemory(pathToFileURL(file))).toBeNull();
  });
});

import { readFile } from 'node:fs/promises';
import { isYuv, type YuvPicture } from '../../frames/frame.js';
import { yuvCoefficients } from '../../frames/to-rgb.js';
import { rgbPictures, type Bring } from '../bring.js';
import { reusedMemory, type Scratch } from '../scratch.js';
import { keepKernels, type Kernels } from './kernels.js';

/**
 * Memory that JavaScript and the kernels in WebAssembly share, for one thread: frames are brought here, and what is drawn from them for
 * a network is drawn here. It never grows, for that would detach every array in it; the system gives it pages as they are first
 * written. What does not fit lies elsewhere, and is worked on in JavaScript.
 */
export interface PixelMemory {
  /** Hands out what lies in it, used again and again. */
  readonly scratch: Scratch;
  /** Lays pictures into it, in place of those of the last call; one that does not fit lies elsewhere. */
  readonly bring: Bring;
}

/** The part of WebAssembly that is used here: Node's types have only its name. */
declare const WebAssembly: {
  validate(code: Uint8Array): boolean;
  instantiate(code: Uint8Array, imports: object): Promise<{ instance: { exports: unknown } }>;
  Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

/** null where this machine has no SIMD in WebAssembly, or the kernels were not built; the recogniser warns of both. */
export async function openPixelMemory(
  from = new URL('./pixels.wasm', import.meta.url),
): Promise<PixelMemory | null> {
  const code = await readFile(from).catch(() => null);
  if (!code || !WebAssembly.validate(code)) return null;
  const memory = new WebAssembly.Memory({ initial: END / PAGE, maximum: END / PAGE });
  const { instance } = await WebAssembly.instantiate(code, { env: { memory } });
  const { buffer } = memory;
  const kernels = instance.exports as Kernels;
  keepKernels(buffer, kernels);
  return { scratch: scratchIn(buffer), bring: bringTo(buffer, kernels) };
}

const PAGE = 65536;
/** Below this are the kernels' own tables (kernels.ts). */
const TABLES = PAGE;
/** Bytes: twice what a batch of four live frames draws. */
const FRAMES = 32 * 1024 * 1024;
/** Behind this the planes of one frame lie while they are turned into RGB: four frames of 2560 x 1440 and a bit. */
const PLANES = FRAMES + 48 * 1024 * 1024;
/** Planes of 3840 x 2160 and a bit. */
const END = PLANES + 16 * 1024 * 1024;

function scratchIn(buffer: ArrayBuffer): Scratch {
  const elsewhere = reusedMemory();
  const kept = new Map<string, Float32Array>();
  let next = TABLES;
  return (purpose, length) => {
    let memory = kept.get(purpose);
    if (!memory || memory.length < length) {
      const bytes = aligned(length * 4);
      if (next + bytes > FRAMES) return elsewhere(purpose, length);
      kept.set(purpose, (memory = new Float32Array(buffer, next, length)));
      next += bytes;
    }
    return memory.subarray(0, length);
  };
}

function bringTo(buffer: ArrayBuffer, kernels: Kernels): Bring {
  const elsewhere = rgbPictures();
  const planes = new Uint8Array(buffer, PLANES);
  const draw = (picture: YuvPicture, pixels: Uint8Array): void => {
    const { y, rv, gu, gv, bu } = yuvCoefficients[picture.matrix];
    planes.set(picture.planes);
    kernels.rgbOf(PLANES, picture.width, picture.height, pixels.byteOffset, y, rv, gu, gv, bu);
  };
  return (pictures) => {
    let next = FRAMES;
    return pictures.map((picture, index) => {
      const { width, height } = picture;
      // Kernels read words: up to 8 bytes behind a picture's last.
      const bytes = aligned(width * height * 3 + 8);
      if (next + bytes > PLANES || (isYuv(picture) && !canDraw(picture))) return elsewhere(picture, index);
      const pixels = new Uint8Array(buffer, next, width * height * 3);
      if (isYuv(picture)) draw(picture, pixels);
      else pixels.set(picture.pixels);
      next += bytes;
      return { width, height, pixels };
    });
  };
}

/** The kernel draws 16 pixels of two rows at a time. */
function canDraw({ width, planes }: YuvPicture): boolean {
  return width >= 16 && planes.length <= END - PLANES;
}

/** Bytes rounded up to whole vectors. */
function aligned(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

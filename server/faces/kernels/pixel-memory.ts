import { isYuv } from '../../frames/frame.js';
import { rgbPictures, type Bring } from '../bring.js';
import { reusedMemory, type Scratch } from '../scratch.js';
import { canDraw, drawRgb } from './draw-rgb.js';
import { keepKernels, PAGE, type Kernels } from './kernels.js';
import { openKernels } from './open-kernels.js';

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

/** null where this machine has no SIMD in WebAssembly, or the kernels were not built; the recogniser warns of both. */
export async function openPixelMemory(from?: URL): Promise<PixelMemory | null> {
  const opened = await openKernels(from, END);
  if (!opened) return null;
  const { buffer, kernels } = opened;
  keepKernels(buffer, kernels);
  return { scratch: scratchIn(buffer), bring: bringTo(buffer, kernels) };
}

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
  return (pictures) => {
    let next = FRAMES;
    return pictures.map((picture, index) => {
      const { width, height } = picture;
      // Kernels read words: up to 8 bytes behind a picture's last.
      const bytes = aligned(width * height * 3 + 8);
      if (next + bytes > PLANES || (isYuv(picture) && !canDraw(picture, planes)))
        return elsewhere(picture, index);
      const pixels = new Uint8Array(buffer, next, width * height * 3);
      if (isYuv(picture)) drawRgb(kernels, picture, planes, pixels);
      else pixels.set(picture.pixels);
      next += bytes;
      return { width, height, pixels };
    });
  };
}

/** Bytes rounded up to whole vectors. */
function aligned(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}

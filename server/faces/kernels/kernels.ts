/**
 * The loops of assembly/, where each says what it takes: pointers are places in the memory and lines lengths of rows, both in bytes;
 * places in a picture are 65536ths of a pixel.
 */
export interface Kernels {
  averageRow(
    pixels: number,
    line: number,
    x: number,
    y: number,
    alongX: number,
    alongY: number,
    acrossX: number,
    acrossY: number,
    samples: number,
    target: number,
    size: number,
  ): void;
  interpolateRow(
    pixels: number,
    line: number,
    x: number,
    y: number,
    alongX: number,
    alongY: number,
    target: number,
    size: number,
  ): void;
  quarter(
    pixels: number,
    line: number,
    width: number,
    height: number,
    canvas: number,
    canvasLine: number,
  ): void;
  averageSamples(
    pixels: number,
    columns: number,
    rows: number,
    samples: number,
    width: number,
    height: number,
    canvas: number,
    canvasLine: number,
  ): void;
  countBrightness(canvas: number, line: number, width: number, height: number, counts: number): void;
  spread(canvas: number, line: number, width: number, height: number, factor: number, offset: number): void;
  greyOf(chip: number, count: number, grey: number, sums: number): void;
  rgbOf(
    planes: number,
    width: number,
    height: number,
    target: number,
    ofY: number,
    rv: number,
    gu: number,
    gv: number,
    bu: number,
  ): void;
  lostAlong(grey: number, side: number, step: number, line: number): number;
}

/** Bytes of a page of WebAssembly's memory. */
export const PAGE = 65536;

/** Where in the memory kernels find and leave their tables: its first page, which nothing else uses. */
export const tables = { counts: 0, sums: 1024, samples: 2048, end: PAGE } as const;

const known = new WeakMap<ArrayBufferLike, Kernels>();

/** From now on work within `memory` is done by `kernels`. */
export function keepKernels(memory: ArrayBuffer, kernels: Kernels): void {
  known.set(memory, kernels);
}

/** The kernels that can work on these arrays; null where they do not all lie in one memory that has some. */
export function kernelsOver(first: ArrayBufferView, second: ArrayBufferView = first): Kernels | null {
  return first.buffer === second.buffer ? (known.get(first.buffer) ?? null) : null;
}

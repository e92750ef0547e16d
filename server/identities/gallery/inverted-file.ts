import { setImmediate as nextTurn } from 'node:timers/promises';
import { BLOCK_ROWS, CodeBlocks } from './code-blocks.js';
import { kMeans, type Centres } from './k-means.js';
import { loadNearKernels, type NearCode } from './near-kernels.js';
import type { NearRows, OpenNearRows } from './near-rows.js';
import { NearestLists } from './nearest-lists.js';
import { principalAxes } from './principal-axes.js';
import { AXES, PARTS, ProductCode } from './product-code.js';
import { MOST_LEFT, Products } from './products.js';

/** Lists there are: so many times the root of the rows, a power of two. */
const LISTS = 2;
const MOST_LISTS = 4_096;
/** Rows that a search looks at: this part of them, and never fewer than the least. docs/decisions/gallery.md */
const SHARE = 1 / 16;
const LEAST_ROWS = 8_192;
/** What assembly/scan.ts finds at most. */
const MOST_FOUND = 1_024;

export interface InvertedFileOptions {
  /** Where the kernels lie, if not beside this file. */
  kernels?: URL;
  /** Part of the rows that a search looks at, 0..1. */
  share?: number;
  /** Rows that it looks at at least. */
  leastRows?: number;
  /** So many times the root of the rows. */
  lists?: number;
}

/**
 * An inverted file with product codes (Jegou, Douze, Schmid 2011): rows are kept in lists by which of many centres is
 * nearest along the principal axes, and only the lists near a probe are scanned, by codes of 16 bytes a row.
 */
export function openInvertedFile({ kernels, ...options }: InvertedFileOptions = {}): OpenNearRows {
  return async (length) => {
    const code = await loadNearKernels(kernels);
    return (sample, expected, signal) => learn({ code, length, sample, expected, signal }, options);
  };
}

interface Lesson {
  code: NearCode;
  length: number;
  sample: Float32Array;
  expected: number;
  signal: AbortSignal;
}

async function learn(
  { code, length, sample, expected, signal }: Lesson,
  { share = SHARE, leastRows = LEAST_ROWS, lists = LISTS }: InvertedFileOptions,
): Promise<NearRows> {
  const rows = sample.length / length;
  const { axes, mean } = await principalAxes(code, sample, length, AXES, signal);
  const turn = turning(new Products(code, axes, length), axes, mean);
  const points = new Float32Array(rows * AXES);
  for (let first = 0; first < rows; first += MOST_LEFT) {
    const some = sample.subarray(first * length, Math.min(rows, first + MOST_LEFT) * length);
    points.set(turn(some), first * AXES);
    if (first % 1_024 === 0) await nextTurn(undefined, { signal });
  }
  const wanted = 2 ** Math.round(Math.log2(lists * Math.sqrt(Math.max(expected, 1))));
  const count = Math.min(MOST_LISTS, wanted, rows);
  const centres = await kMeans(code, points, AXES, count, signal);
  return new InvertedFile({
    ...{ length, turn, centres, share, leastRows },
    quantiser: await ProductCode.learn(points, signal),
    blocks: new CodeBlocks(code, expected + count * BLOCK_ROWS),
  });
}

/** Turns at most MOST_LEFT embeddings into their places along the axes. */
type Turn = (embeddings: Float32Array) => Float32Array;

function turning(products: Products, axes: Float32Array, mean: Float32Array): Turn {
  const length = mean.length;
  const shift = Float32Array.from({ length: AXES }, (_, axis) => {
    let along = 0;
    for (let i = 0; i < length; i += 1) along += axes[axis * length + i] * mean[i];
    return along;
  });
  return (embeddings) => products.times(embeddings).map((value, at) => value - shift[at % AXES]);
}

interface InvertedFileParts {
  length: number;
  turn: Turn;
  centres: Centres;
  quantiser: ProductCode;
  blocks: CodeBlocks;
  share: number;
  leastRows: number;
}

class InvertedFile implements NearRows {
  readonly #parts: InvertedFileParts;
  /** Of each list its blocks, all full but the last, and how many rows it has. */
  readonly #lists: number[][];
  readonly #counts: Uint32Array;
  readonly #nearest: NearestLists;
  #rows = 0;
  /** Of each block its list, of each slot the row in it, of each row its slot. */
  readonly #listOf: number[] = [];
  readonly #rowAt: number[] = [];
  readonly #slotOf: (number | undefined)[] = [];

  constructor(parts: InvertedFileParts) {
    this.#parts = parts;
    this.#lists = Array.from({ length: parts.centres.count }, () => []);
    this.#counts = new Uint32Array(parts.centres.count);
    this.#nearest = new NearestLists(parts.centres.count);
  }

  get description(): string {
    return `${this.#lists.length.toLocaleString('en')} lists`;
  }

  add(rows: readonly number[], embeddings: Float32Array): void {
    const { length, turn, centres, quantiser, blocks } = this.#parts;
    const codes = new Uint8Array(PARTS);
    for (let first = 0; first < rows.length; first += MOST_LEFT) {
      const end = Math.min(rows.length, first + MOST_LEFT);
      const points = turn(embeddings.subarray(first * length, end * length));
      centres.nearest(points).forEach((list, point) => {
        const slot = this.#append(list, rows[first + point]);
        quantiser.encode(points, point * AXES, codes);
        blocks.write(slot, codes);
      });
    }
  }

  remove(rows: readonly number[]): void {
    const { blocks } = this.#parts;
    for (const row of rows) {
      const slot = this.#slotOf[row];
      if (slot === undefined) continue;
      this.#slotOf[row] = undefined;
      // The last row of the list takes the place.
      const list = this.#listOf[Math.floor(slot / BLOCK_ROWS)];
      const last = this.#counts[list] - 1;
      const lastSlot = this.#lists[list].at(-1)! * BLOCK_ROWS + (last % BLOCK_ROWS);
      if (lastSlot !== slot) {
        blocks.move(lastSlot, slot);
        this.#rowAt[slot] = this.#rowAt[lastSlot];
        this.#slotOf[this.#rowAt[slot]] = slot;
      }
      if (last % BLOCK_ROWS === 0) blocks.give(this.#lists[list].pop()!);
      this.#counts[list] = last;
      this.#rows -= 1;
    }
  }

  search(probes: Float32Array, count: number): Uint32Array[] {
    const { length, turn, centres } = this.#parts;
    const found: Uint32Array[] = [];
    for (let first = 0; first * length < probes.length; first += MOST_LEFT) {
      const points = turn(probes.subarray(first * length, (first + MOST_LEFT) * length));
      const { values, stride } = centres.nearness(points);
      for (let point = 0; point * AXES < points.length; point += 1)
        found.push(
          this.#searchOne(points, point * AXES, values.subarray(point * stride, (point + 1) * stride), count),
        );
    }
    return found;
  }

  /** @param nearness of each centre: its squared distance less that of the point from nought */
  #searchOne(points: Float32Array, at: number, nearness: Float32Array, count: number): Uint32Array {
    const { quantiser, blocks, share, leastRows } = this.#parts;
    const budget = Math.max(leastRows, this.#rows * share);
    let planned = 0;
    for (const list of this.#nearest.choose(nearness, this.#counts, budget)) {
      let left = this.#counts[list];
      for (const block of this.#lists[list]) {
        if (!blocks.plan(planned, block, Math.min(left, BLOCK_ROWS))) break;
        planned += 1;
        left -= BLOCK_ROWS;
      }
    }
    let squared = 0;
    for (let i = 0; i < AXES; i += 1) squared += points[at + i] ** 2;
    let least = Infinity;
    for (let list = 0; list < this.#counts.length; list += 1)
      if (this.#counts[list] > 0) least = Math.min(least, nearness[list]);
    quantiser.table(points, at, squared + least, blocks.tables);
    return blocks.scan(planned, Math.min(count, MOST_FOUND)).map((slot) => this.#rowAt[slot]);
  }

  #append(list: number, row: number): number {
    const { blocks } = this.#parts;
    const place = this.#counts[list] % BLOCK_ROWS;
    if (place === 0) {
      const block = blocks.take();
      this.#listOf[block] = list;
      this.#lists[list].push(block);
    }
    const slot = this.#lists[list].at(-1)! * BLOCK_ROWS + place;
    this.#counts[list] += 1;
    this.#rows += 1;
    this.#rowAt[slot] = row;
    this.#slotOf[row] = slot;
    return slot;
  }
}

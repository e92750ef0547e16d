import { BLOCK_ROWS, type CodeBlocks } from './code-blocks.js';
import type { Centres } from './k-means.js';
import type { NearCode } from './near-kernels.js';
import type { NearRows } from './near-rows.js';
import { NearestLists } from './nearest-lists.js';
import { PARTS, type ProductCode } from './product-code.js';
import { MOST_LEFT } from './products.js';
import { AXES, type Space } from './space.js';
import { FAR, isUnusual } from './usual-rows.js';

/** Rows that a search looks at: this part of them, and never fewer than the least. docs/decisions/gallery.md */
const SHARE = 1 / 16;
const LEAST_ROWS = 32_768;
/**
 * Of the squared distance of the nearest centre, what a sum of the code's tables reaches to: the rows that are wanted may lie
 * further away than their centre.
 */
const REACH = 1.5;
/** Of so many as are asked for, by their codes so many times as many are looked at, at least and at most; the most where few rows are. */
const FOUND = { times: 4, least: 256, most: 1_024 };
/** To a probe further from the mean than so many widths all rows are about equally far: codes cannot tell them apart. */
const FAR_PROBE = 1.5;
/** Steps of a byte in a width: usual rows and probes fit. */
const STEPS = 127 / FAR;

export interface CodedListsParts {
  code: NearCode;
  length: number;
  space: Space;
  centres: Centres;
  /** Mean squared distance of a row from its centre. */
  scatter: number;
  quantiser: ProductCode;
  /** Rows further than this from what their code stands for, squared, are refused. */
  mostOff: number;
  blocks: CodeBlocks;
}

/** Rows in lists by which centre is nearest, coded, and the lists near a probe scanned: what an inverted file is once it is learnt. */
export class CodedLists implements NearRows {
  readonly #parts: CodedListsParts;
  /** Of each list how many rows it has, and its last block, the only one that is not full. */
  readonly #counts: Uint32Array;
  readonly #last: Int32Array;
  readonly #nearest: NearestLists;
  #rows = 0;
  /** Of each block the one before it in its list or -1, and the list; of each slot the row in it, of each row its slot. */
  readonly #before: number[] = [];
  readonly #listOf: number[] = [];
  readonly #rowAt: number[] = [];
  readonly #slotOf: (number | undefined)[] = [];

  constructor(parts: CodedListsParts) {
    this.#parts = parts;
    this.#nearest = new NearestLists(parts.code, parts.centres);
    this.#counts = this.#nearest.counts;
    this.#last = new Int32Array(parts.centres.count).fill(-1);
  }

  get description(): string {
    return `${this.#counts.length.toLocaleString('en')} lists`;
  }

  add(rows: readonly number[], embeddings: Float32Array): number[] {
    const { length, space, centres, quantiser, mostOff, blocks } = this.#parts;
    const codes = new Uint8Array(PARTS);
    const fine = new Int8Array(AXES);
    const refused: number[] = [];
    for (let first = 0; first < rows.length; first += MOST_LEFT) {
      const end = Math.min(rows.length, first + MOST_LEFT);
      const { points, squares, lost } = space.place(embeddings.subarray(first * length, end * length));
      centres.nearest(points).forEach((list, point) => {
        const off = lost[point] + quantiser.encode(points, point * AXES, codes);
        const slot =
          !isUnusual(squares[point]) && off <= mostOff ? this.#append(list, rows[first + point]) : null;
        if (slot === null) refused.push(rows[first + point]);
        else {
          inBytes(points, point * AXES, fine);
          blocks.write(slot, codes, fine);
        }
      });
    }
    return refused;
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
      const block = this.#last[list];
      const lastSlot = block * BLOCK_ROWS + (last % BLOCK_ROWS);
      if (lastSlot !== slot) {
        blocks.move(lastSlot, slot);
        this.#rowAt[slot] = this.#rowAt[lastSlot];
        this.#slotOf[this.#rowAt[slot]] = slot;
      }
      blocks.clear(lastSlot);
      if (last % BLOCK_ROWS === 0) {
        this.#last[list] = this.#before[block];
        blocks.give(block);
      }
      this.#counts[list] = last;
      this.#rows -= 1;
    }
  }

  search(probes: Float32Array, count: number): (Uint32Array | null)[] {
    const { length, space, centres } = this.#parts;
    const found: (Uint32Array | null)[] = [];
    for (let first = 0; first * length < probes.length; first += MOST_LEFT) {
      const { points, squares } = space.place(probes.subarray(first * length, (first + MOST_LEFT) * length));
      const { values, stride } = centres.nearness(points);
      squares.forEach((square, point) => {
        const nearness = values.subarray(point * stride, (point + 1) * stride);
        const isTold = square <= FAR_PROBE ** 2;
        found.push(isTold ? this.#searchOne(points, point * AXES, nearness, count) : null);
      });
    }
    return found;
  }

  /** @param nearness of each centre: its squared distance less that of the point from nought */
  #searchOne(points: Float32Array, at: number, nearness: Float32Array, count: number): Uint32Array {
    const { quantiser, blocks, scatter } = this.#parts;
    const budget = Math.max(LEAST_ROWS, this.#rows * SHARE);
    let planned = 0;
    const { lists, least: nearest } = this.#nearest.choose(nearness, budget);
    for (const list of lists) {
      let rows = this.#counts[list] % BLOCK_ROWS || BLOCK_ROWS;
      for (let block = this.#last[list]; block !== -1; block = this.#before[block]) {
        blocks.plan(planned, block, rows);
        planned += 1;
        rows = BLOCK_ROWS;
      }
    }
    let squared = 0;
    for (let i = 0; i < AXES; i += 1) squared += points[at + i] ** 2;
    // Where the probe lies at its centre, the next ones have to be told from each other all the same.
    quantiser.table(points, at, Math.max(squared + nearest, scatter) * REACH, blocks.tables);
    inBytes(points, at, blocks.probe);
    const least = budget > LEAST_ROWS ? FOUND.least : FOUND.most;
    const found = Math.min(FOUND.most, Math.max(least, count * FOUND.times));
    return blocks.scan(planned, found, Math.min(count, found)).map((slot) => this.#rowAt[slot]);
  }

  /** @returns the row's slot, or null when there is no room left */
  #append(list: number, row: number): number | null {
    const { blocks } = this.#parts;
    const place = this.#counts[list] % BLOCK_ROWS;
    if (place === 0) {
      const block = blocks.take();
      if (block === null) return null;
      this.#listOf[block] = list;
      this.#before[block] = this.#last[list];
      this.#last[list] = block;
    }
    const slot = this.#last[list] * BLOCK_ROWS + place;
    this.#counts[list] += 1;
    this.#rows += 1;
    this.#rowAt[slot] = row;
    this.#slotOf[row] = slot;
    return slot;
  }
}

function inBytes(points: Float32Array, at: number, bytes: Int8Array): void {
  for (let axis = 0; axis < AXES; axis += 1) bytes[axis] = Math.round(points[at + axis] * STEPS);
}

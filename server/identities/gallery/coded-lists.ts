import { BLOCK_ROWS, type CodeBlocks } from './code-blocks.js';
import type { Centres } from './k-means.js';
import type { NearRows } from './near-rows.js';
import { NearestLists } from './nearest-lists.js';
import { AXES, PARTS, type ProductCode } from './product-code.js';
import { MOST_LEFT } from './products.js';
import type { Space } from './space.js';

/** Rows that a search looks at: this part of them, and never fewer than the least. docs/decisions/gallery.md */
const SHARE = 1 / 16;
const LEAST_ROWS = 8_192;
/** What assembly/scan.ts finds at most. */
const MOST_FOUND = 1_024;

export interface CodedListsParts {
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
  /** Of each list its blocks, all full but the last, and how many rows it has. */
  readonly #lists: number[][];
  readonly #counts: Uint32Array;
  readonly #nearest: NearestLists;
  #rows = 0;
  /** Of each block its list, of each slot the row in it, of each row its slot. */
  readonly #listOf: number[] = [];
  readonly #rowAt: number[] = [];
  readonly #slotOf: (number | undefined)[] = [];

  constructor(parts: CodedListsParts) {
    this.#parts = parts;
    this.#lists = Array.from({ length: parts.centres.count }, () => []);
    this.#counts = new Uint32Array(parts.centres.count);
    this.#nearest = new NearestLists(parts.centres.count);
  }

  get description(): string {
    return `${this.#lists.length.toLocaleString('en')} lists`;
  }

  add(rows: readonly number[], embeddings: Float32Array): number[] {
    const { length, space, centres, quantiser, mostOff, blocks } = this.#parts;
    const codes = new Uint8Array(PARTS);
    const refused: number[] = [];
    for (let first = 0; first < rows.length; first += MOST_LEFT) {
      const end = Math.min(rows.length, first + MOST_LEFT);
      const { points, usual, lost } = space.place(embeddings.subarray(first * length, end * length));
      centres.nearest(points).forEach((list, point) => {
        const off = lost[point] + quantiser.encode(points, point * AXES, codes);
        if (!usual[point] || off > mostOff) refused.push(rows[first + point]);
        else blocks.write(this.#append(list, rows[first + point]), codes);
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

  search(probes: Float32Array, count: number): (Uint32Array | null)[] {
    const { length, space, centres } = this.#parts;
    const found: (Uint32Array | null)[] = [];
    for (let first = 0; first * length < probes.length; first += MOST_LEFT) {
      const { points, usual } = space.place(probes.subarray(first * length, (first + MOST_LEFT) * length));
      const { values, stride } = centres.nearness(points);
      usual.forEach((isUsual, point) => {
        const nearness = values.subarray(point * stride, (point + 1) * stride);
        found.push(isUsual ? this.#searchOne(points, point * AXES, nearness, count) : null);
      });
    }
    return found;
  }

  /** @param nearness of each centre: its squared distance less that of the point from nought */
  #searchOne(points: Float32Array, at: number, nearness: Float32Array, count: number): Uint32Array {
    const { quantiser, blocks, scatter } = this.#parts;
    const budget = Math.max(LEAST_ROWS, this.#rows * SHARE);
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
    // Where the probe lies at its centre, the next ones have to be told from each other all the same.
    quantiser.table(points, at, Math.max(squared + least, scatter), blocks.tables);
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

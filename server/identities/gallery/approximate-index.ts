import { setImmediate as nextTurn } from 'node:timers/promises';
import { countProbes, type GalleryIndex, type GalleryUpdate, type Neighbour } from '../gallery-index.js';
import type { MatrixIndex } from './matrix-index.js';
import type { NearRows } from './near-rows.js';
import { NearestPeople } from './nearest-people.js';

/** Rows that are added between two looks at what else there is to do: a few milliseconds. */
const SLICE = 16;
/** While more rows than this are not in the graph yet, exact search is as fast. */
const MOST_WAITING = 1_024;
/** Rows that the graph is asked for, for one probe. People with many samples fill them, and more are asked for: */
const FIRST_ASKED = 32;
/** up to here, from where on the exact search takes over. */
const MOST_ASKED = 512;
const TURN = 2 ** 32;

export interface ApproximateOptions {
  /** Told while the graph takes in rows: how many are in it, of how many. */
  onProgress?: (done: number, total: number) => void;
}

/**
 * Search by a graph of near rows, whose finds are compared exactly: distances are exact, and a person is missed only
 * where the graph leads past them. Rows come into the graph in the background, a few at a time; until then they are
 * compared exactly, one by one or, while there are many, by the exact index that stands behind.
 */
export class ApproximateIndex implements GalleryIndex {
  readonly #exact: MatrixIndex;
  readonly #near: NearRows;
  readonly #onProgress: (done: number, total: number) => void;
  /** How often each row was given free: keys are turn and row, so a row's next owner never has an old key. */
  readonly #turns: number[] = [];
  readonly #waiting = new Set<number>();
  #absorbing: Promise<void> | null = null;
  #closed = false;

  /** Takes over whoever is in the exact index already, which from now on is changed through this one only. */
  constructor(exact: MatrixIndex, near: NearRows, { onProgress }: ApproximateOptions = {}) {
    this.#exact = exact;
    this.#near = near;
    this.#onProgress = onProgress ?? (() => undefined);
    const { table } = exact;
    for (let row = 0; row < table.chunks.length * table.chunkRows; row += 1)
      if (table.owner(row)) this.#waiting.add(row);
    this.#absorb();
  }

  get description(): string {
    const left =
      this.#waiting.size > MOST_WAITING ? `, being built: ${this.#inGraph} of ${this.samples}` : '';
    return `approximate, by a graph (${this.#near.description}${left})`;
  }

  get samples(): number {
    return this.#exact.samples;
  }

  /** Resolves when every row is in the graph. */
  async settled(): Promise<void> {
    await this.#absorbing;
  }

  async update(update: GalleryUpdate): Promise<void> {
    await this.#exact.update(update, ({ written, freed }) => {
      const known = freed.filter((row) => !this.#waiting.delete(row));
      if (known.length > 0) this.#near.remove(known.map((row) => this.#key(row)));
      for (const row of freed) this.#turns[row] = (this.#turns[row] ?? 0) + 1;
      for (const row of written) this.#waiting.add(row);
    });
    this.#absorb();
  }

  async search(probes: Float32Array, k: number): Promise<Neighbour[][]> {
    const { length } = this.#exact.table;
    const count = countProbes(probes, length);
    if (this.#waiting.size > MOST_WAITING) return this.#exact.search(probes, k);
    const found: Neighbour[][] = [];
    for (let probe = 0; probe < count; probe += 1) {
      const one = probes.subarray(probe * length, (probe + 1) * length);
      found.push(
        (await this.#exact.inTurn(() => this.#searchGraph(one, k))) ?? (await this.#exactly(one, k)),
      );
    }
    return found;
  }

  /** Leaves the exact index as it is. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#absorbing;
  }

  async #exactly(probe: Float32Array, k: number): Promise<Neighbour[]> {
    return (await this.#exact.search(probe, k))[0];
  }

  /** null where a few people fill all that the graph is asked for. */
  #searchGraph(probe: Float32Array, k: number): Neighbour[] | null {
    if (!probe.every(Number.isFinite)) return [];
    const { table } = this.#exact;
    for (let asked = Math.max(FIRST_ASKED, k); ; asked *= 2) {
      const nearest = new NearestPeople(k);
      for (const row of this.#graphRows(probe, asked)) this.#exact.compare(row, probe, nearest);
      for (const row of this.#waiting) this.#exact.compare(row, probe, nearest);
      const neighbours = nearest.neighbours();
      if (neighbours.length === Math.min(k, table.people)) return neighbours;
      if (asked >= MOST_ASKED) return null;
    }
  }

  #graphRows(probe: Float32Array, asked: number): number[] {
    if (this.#inGraph === 0) return [];
    return this.#near
      .search(probe, Math.min(asked, this.#inGraph))[0]
      .filter((key) => Math.floor(key / TURN) === (this.#turns[key % TURN] ?? 0))
      .map((key) => key % TURN);
  }

  get #inGraph(): number {
    return this.samples - this.#waiting.size;
  }

  #key(row: number): number {
    return (this.#turns[row] ?? 0) * TURN + row;
  }

  #absorb(): void {
    if (this.#waiting.size === 0) return;
    this.#absorbing ??= this.#takeIn().finally(() => {
      this.#absorbing = null;
      // Whoever came while the last slice was told.
      if (!this.#closed) this.#absorb();
    });
  }

  async #takeIn(): Promise<void> {
    const { table } = this.#exact;
    while (this.#waiting.size > 0 && !this.#closed) {
      // Searches and updates that came meanwhile go first.
      await nextTurn();
      await this.#exact.inTurn(() => {
        const rows = firstOf(this.#waiting, SLICE);
        const embeddings = new Float32Array(rows.length * table.length);
        rows.forEach((row, at) => {
          const { chunk, start } = table.place(row);
          embeddings.set(chunk.subarray(start, start + table.length), at * table.length);
        });
        this.#near.add(
          rows.map((row) => this.#key(row)),
          embeddings,
        );
        for (const row of rows) this.#waiting.delete(row);
      });
      this.#onProgress(this.#inGraph, this.samples);
    }
  }
}

function firstOf(rows: ReadonlySet<number>, count: number): number[] {
  const first: number[] = [];
  for (const row of rows) {
    if (first.length === count) break;
    first.push(row);
  }
  return first;
}

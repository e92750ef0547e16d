import { setImmediate as nextTurn } from 'node:timers/promises';
import { countProbes, type GalleryIndex, type GalleryUpdate, type Neighbour } from '../gallery-index.js';
import type { MatrixIndex } from './matrix-index.js';
import type { LearnNearRows, NearRows } from './near-rows.js';
import { NearestPeople } from './nearest-people.js';

/** Rows that are added between two looks at what else there is to do: a few milliseconds. */
const SLICE = 128;
/** While more rows than this are not in the lists yet, exact search is as fast; fewer are compared one by one. */
const MOST_WAITING = 1_024;
/** Rows that the lists are asked for, for one probe. People with many samples fill them, and more are asked for: */
const FIRST_ASKED = 64;
/** up to here, from where on the exact search takes over. */
const MOST_ASKED = 512;
/** Lists are made anew when there are so many times as many rows as there were when they were made. */
const OUTGROWN = 2;
/** Numbers of the sample that lists are made from: 65,536 rows of 128. */
const SAMPLE_NUMBERS = 2 ** 23;

export interface ApproximateOptions {
  /** Told while rows are taken in: how many are, of how many. */
  onProgress?: (done: number, total: number) => void;
  /** Up to so many rows that are in no list yet are compared one by one. */
  mostWaiting?: number;
}

/**
 * Search by lists of near rows, whose finds are compared exactly: distances are exact, and a person is missed only
 * where the lists lead past them. Lists are made and filled in the background, a little at a time; until then rows are
 * compared exactly, one by one or, while there are many, by the exact index that stands behind.
 */
export class ApproximateIndex implements GalleryIndex {
  readonly #exact: MatrixIndex;
  readonly #learn: LearnNearRows;
  readonly #onProgress: (done: number, total: number) => void;
  readonly #mostWaiting: number;
  /** null while there are few rows, and while the lists are being made. */
  #near: NearRows | null = null;
  /** Rows that there were when the lists were made. */
  #madeFor = 0;
  /** Rows that are in no list. */
  readonly #waiting = new Set<number>();
  #absorbing: Promise<void> | null = null;
  readonly #closing = new AbortController();

  /** Takes over whoever is in the exact index already, which from now on is changed through this one only. */
  constructor(exact: MatrixIndex, learn: LearnNearRows, options: ApproximateOptions = {}) {
    const { onProgress = () => undefined, mostWaiting = MOST_WAITING } = options;
    this.#exact = exact;
    this.#learn = learn;
    this.#onProgress = onProgress;
    this.#mostWaiting = mostWaiting;
    this.#waitAll();
    this.#absorb();
  }

  get description(): string {
    const how = this.#near?.description ?? 'not made yet';
    const left =
      this.#waiting.size > this.#mostWaiting ? `, being filled: ${this.#inLists} of ${this.samples}` : '';
    return `approximate, by an inverted file (${how}${left})`;
  }

  get samples(): number {
    return this.#exact.samples;
  }

  /** Resolves when every row is in a list, or there are so few that none is needed. */
  async settled(): Promise<void> {
    await this.#absorbing;
  }

  async update(update: GalleryUpdate): Promise<void> {
    await this.#exact.update(update, ({ written, freed }) => {
      const known = freed.filter((row) => !this.#waiting.delete(row));
      if (known.length > 0) this.#near?.remove(known);
      for (const row of written) this.#waiting.add(row);
    });
    this.#absorb();
  }

  async search(probes: Float32Array, k: number): Promise<Neighbour[][]> {
    const { length } = this.#exact.table;
    const count = countProbes(probes, length);
    if (this.#waiting.size > this.#mostWaiting) return this.#exact.search(probes, k);
    const found = await this.#exact.inTurn(() => this.#searchLists(probes, count, k));
    return Promise.all(
      found.map(async (neighbours, probe) => {
        if (neighbours) return neighbours;
        return (await this.#exact.search(probes.subarray(probe * length, (probe + 1) * length), k))[0];
      }),
    );
  }

  /** Leaves the exact index as it is. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#absorbing;
  }

  /** null for a probe near which a few people fill all that the lists are asked for. */
  #searchLists(probes: Float32Array, count: number, k: number): (Neighbour[] | null)[] {
    const { length, people } = this.#exact.table;
    const one = (probe: number) => probes.subarray(probe * length, (probe + 1) * length);
    const found = Array.from({ length: count }, (): Neighbour[] | null => []);
    let left = [...found.keys()].filter((probe) => one(probe).every(Number.isFinite));
    for (let asked = Math.max(FIRST_ASKED, k); left.length > 0; asked *= 2) {
      const rows = this.#nearRows(left.map(one), asked);
      left = left.filter((probe, at) => {
        const nearest = new NearestPeople(k);
        for (const row of rows[at]) this.#exact.compare(row, one(probe), nearest);
        for (const row of this.#waiting) this.#exact.compare(row, one(probe), nearest);
        const neighbours = nearest.neighbours();
        const isFull = neighbours.length === Math.min(k, people);
        found[probe] = isFull ? neighbours : null;
        return !isFull && asked < MOST_ASKED;
      });
    }
    return found;
  }

  #nearRows(probes: readonly Float32Array[], asked: number): Iterable<number>[] {
    if (!this.#near) return probes.map(() => []);
    const { length } = this.#exact.table;
    const together = new Float32Array(probes.length * length);
    probes.forEach((probe, at) => together.set(probe, at * length));
    return this.#near.search(together, asked);
  }

  get #inLists(): number {
    return this.samples - this.#waiting.size;
  }

  #waitAll(): void {
    for (const row of this.#rows()) this.#waiting.add(row);
  }

  *#rows(): Generator<number> {
    const { table } = this.#exact;
    for (let row = 0; row < table.chunks.length * table.chunkRows; row += 1) if (table.owner(row)) yield row;
  }

  #absorb(): void {
    if (!this.#hasWork) return;
    this.#absorbing ??= this.#takeIn().finally(() => {
      this.#absorbing = null;
      // Whoever came while the last slice was told.
      if (!this.#isClosed) this.#absorb();
    });
  }

  get #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  get #hasWork(): boolean {
    return this.#waiting.size > (this.#near ? 0 : this.#mostWaiting);
  }

  async #takeIn(): Promise<void> {
    while (this.#hasWork && !this.#isClosed) {
      // Searches and updates that came meanwhile go first.
      await nextTurn();
      if (this.samples > this.#madeFor * OUTGROWN) await this.#makeLists();
      else await this.#exact.inTurn(() => this.#takeSome());
      this.#onProgress(this.#inLists, this.samples);
    }
  }

  async #makeLists(): Promise<void> {
    this.#near = null;
    this.#waitAll();
    this.#madeFor = this.samples;
    const all = [...this.#waiting];
    const count = Math.min(all.length, Math.ceil(SAMPLE_NUMBERS / this.#exact.table.length));
    const sample = this.#embeddings(
      Array.from({ length: count }, (_, n) => all[Math.floor((n * all.length) / count)]),
    );
    const { signal } = this.#closing;
    this.#near = await this.#learn(sample, all.length, signal).catch((thrown: unknown) => {
      if (signal.aborted) return null;
      throw thrown;
    });
  }

  #takeSome(): void {
    const rows = firstOf(this.#waiting, SLICE);
    this.#near?.add(rows, this.#embeddings(rows));
    for (const row of rows) this.#waiting.delete(row);
  }

  #embeddings(rows: readonly number[]): Float32Array {
    const { table } = this.#exact;
    const embeddings = new Float32Array(rows.length * table.length);
    rows.forEach((row, at) => {
      const { chunk, start } = table.place(row);
      embeddings.set(chunk.subarray(start, start + table.length), at * table.length);
    });
    return embeddings;
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

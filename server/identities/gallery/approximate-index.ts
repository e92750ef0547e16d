import { setImmediate as nextTurn } from 'node:timers/promises';
import { countProbes, type GalleryIndex, type GalleryUpdate, type Neighbour } from '../gallery-index.js';
import type { MatrixIndex } from './matrix-index.js';
import { OUTGROWN, type LearnNearRows, type NearRows } from './near-rows.js';
import { NearestPeople } from './nearest-people.js';

/** Rows that are added between two looks at what else there is to do: a few milliseconds. */
const SLICE = 128;
/** While more rows than this are not in the lists yet, exact search is as fast; fewer are compared one by one. */
const MOST_WAITING = 1_024;
/** Rows that the lists are asked for, for one probe. People with many samples fill them, and more are asked for: */
const FIRST_ASKED = 64;
/** up to here, from where on the exact search takes over. */
const MOST_ASKED = 256;
/** Numbers of the sample that lists are made from: 65,536 rows of 128. */
const SAMPLE_NUMBERS = 2 ** 23;
/** Of the rows that the lists found, nearest first, none is compared any more after so many in succession that are too far. */
const BEYOND = 8;

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
  #isMaking = false;
  /** Rows that there were when the lists were made. */
  #madeFor = 0;
  /** Rows that are in no list yet. */
  readonly #waiting = new Set<number>();
  /** Rows that the lists do not take: they are unlike the others. */
  readonly #odd = new Set<number>();
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
    return `approximate, by an inverted file (${this.#near?.description ?? 'not made'}${this.#standing})`;
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
      const known = freed.filter((row) => !this.#waiting.delete(row) && !this.#odd.delete(row));
      if (known.length > 0) this.#near?.remove(known);
      for (const row of written) this.#waiting.add(row);
    });
    this.#absorb();
  }

  async search(probes: Float32Array, k: number): Promise<Neighbour[][]> {
    const { length } = this.#exact.table;
    const count = countProbes(probes, length);
    if (this.#isExact) return this.#exact.search(probes, k);
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

  /** null for a probe that the lists cannot answer, as one near which a few people fill all that they are asked for. */
  #searchLists(probes: Float32Array, count: number, k: number): (Neighbour[] | null)[] {
    const { length } = this.#exact.table;
    const one = (probe: number) => probes.subarray(probe * length, (probe + 1) * length);
    const found = Array.from({ length: count }, (): Neighbour[] | null => []);
    let left = [...found.keys()].filter((probe) => one(probe).every(Number.isFinite));
    for (let asked = Math.max(FIRST_ASKED, k); left.length > 0; asked *= 2) {
      const rows = this.#nearRows(left.map(one), asked);
      left = left.filter((probe, at) => {
        found[probe] = this.#compareAll(rows[at], asked, one(probe), k);
        return found[probe] === null && rows[at] !== null && asked < MOST_ASKED;
      });
    }
    return found;
  }

  /** null where there may be others as near that the lists did not tell. */
  #compareAll(rows: Uint32Array | null, asked: number, probe: Float32Array, k: number): Neighbour[] | null {
    if (!rows) return null;
    const nearest = new NearestPeople(k);
    for (const some of [this.#waiting, this.#odd])
      for (const row of some) this.#exact.compare(row, probe, nearest);
    let beyond = 0;
    for (const row of rows) {
      beyond = this.#exact.compare(row, probe, nearest) > nearest.bound ? beyond + 1 : 0;
      if (beyond === BEYOND) break;
    }
    // The lists tell only about who is nearer: of many that are equal, or one person's, too few others were compared.
    if (beyond < BEYOND && rows.length === asked) return null;
    const neighbours = nearest.neighbours();
    return neighbours.length < Math.min(k, this.#exact.table.people) ? null : neighbours;
  }

  #nearRows(probes: readonly Float32Array[], asked: number): (Uint32Array | null)[] {
    if (!this.#near) return probes.map(() => new Uint32Array());
    const { length } = this.#exact.table;
    const together = new Float32Array(probes.length * length);
    probes.forEach((probe, at) => together.set(probe, at * length));
    return this.#near.search(together, asked);
  }

  /** Where so many rows would have to be compared one by one, exact search is as fast. */
  get #isExact(): boolean {
    return this.#waiting.size + this.#odd.size > this.#mostWaiting;
  }

  /** What is to be said of the lists, for the log. */
  get #standing(): string {
    if (!this.#isExact) return '';
    if (this.#hasWork) return `, being filled: ${this.#inLists} of ${this.samples}`;
    return ', for the embeddings lie too unevenly: exact search goes on';
  }

  get #inLists(): number {
    return this.samples - this.#waiting.size - this.#odd.size;
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
    if (this.#near) return this.#waiting.size > 0;
    return this.#waiting.size > this.#mostWaiting && (this.#isMaking || this.#isOutgrown);
  }

  /** They are not tried again with about the rows of which none could be made. */
  get #isOutgrown(): boolean {
    return this.samples > this.#madeFor * OUTGROWN;
  }

  async #takeIn(): Promise<void> {
    while (this.#hasWork && !this.#isClosed) {
      // Searches and updates that came meanwhile go first.
      await nextTurn();
      if (this.#isOutgrown) await this.#makeLists();
      else await this.#exact.inTurn(() => this.#takeSome());
      this.#onProgress(this.#inLists, this.samples);
    }
  }

  async #makeLists(): Promise<void> {
    this.#near = null;
    this.#isMaking = true;
    this.#odd.clear();
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
    this.#isMaking = false;
  }

  #takeSome(): void {
    const rows = firstOf(this.#waiting, SLICE);
    for (const row of this.#near?.add(rows, this.#embeddings(rows)) ?? []) this.#odd.add(row);
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

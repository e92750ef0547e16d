import {
  checkMembers,
  countProbes,
  type GalleryIndex,
  type GalleryUpdate,
  type Neighbour,
} from '../gallery-index.js';
import { MOST_PROBES, type BlockMinima, type OpenBlockMinima } from './block-minima.js';
import { CoarseChunk } from './coarse-chunk.js';
import { NearestPeople, squaredDistance } from './nearest-people.js';
import { BLOCK, RowTable } from './row-table.js';

/** What an update did to the rows. */
export interface RowChanges {
  written: readonly number[];
  freed: readonly number[];
}

/**
 * Exact search by matrix products: a product of whole numbers says of every block of rows how near it can be at most
 * (see CoarseChunk), and the blocks are compared exactly, nearest first, until none that is left can matter. Finds what
 * comparing one by one finds, to the last bit, however many samples a person has.
 *
 * It blocks the thread that asks for as long as the product takes; searches and updates are carried out one after
 * another.
 */
export class MatrixIndex implements GalleryIndex {
  readonly table: RowTable;
  readonly #product: BlockMinima;
  readonly #coarse: CoarseChunk[] = [];
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(length: number, product: BlockMinima) {
    this.table = new RowTable(length);
    this.#product = product;
  }

  /** @param length numbers of an embedding */
  static async open(length: number, openProduct: OpenBlockMinima): Promise<MatrixIndex> {
    return new MatrixIndex(length, await openProduct({ length, block: BLOCK }));
  }

  get description(): string {
    return `exact, by matrix products (${this.#product.description})`;
  }

  get samples(): number {
    return this.table.used;
  }

  /** @param changed told which rows changed, before any search sees it */
  update({ put, remove }: GalleryUpdate, changed?: (rows: RowChanges) => void): Promise<void> {
    return this.inTurn(() => {
      checkMembers(put, this.table.length);
      const freed = [...remove, ...put.map(({ id }) => id)].flatMap((id) => [...this.table.remove(id)]);
      const written = put.flatMap((member) => [...this.table.put(member)]);
      this.#recode(written, freed);
      changed?.({ written, freed });
    });
  }

  search(probes: Float32Array, k: number): Promise<Neighbour[][]> {
    return this.inTurn(async () => {
      const { length } = this.table;
      const count = countProbes(probes, length);
      const found: Neighbour[][] = [];
      for (let first = 0; first < count; first += MOST_PROBES) {
        const some = probes.subarray(first * length, Math.min(count, first + MOST_PROBES) * length);
        found.push(...(await this.#searchSome(some, k)));
      }
      return found;
    });
  }

  /**
   * Compares a row exactly with a probe; one that is nobody's is passed over.
   *
   * @returns the squared distance, or something above the bound that `nearest` had; Infinity where it is nobody's
   */
  compare(row: number, probe: Float32Array, nearest: NearestPeople): number {
    const { table } = this;
    const person = table.owner(row);
    if (!person) return Infinity;
    const { bound } = nearest;
    const { chunk, start } = table.place(row);
    const squared = squaredDistance(chunk, start, probe, 0, table.length, bound);
    if (squared <= bound) nearest.offer(person, squared);
    return squared;
  }

  /** Does something while neither searches nor updates are under way. */
  inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  close(): Promise<void> {
    return this.inTurn(() => this.#product.close());
  }

  #recode(written: readonly number[], freed: readonly number[]): void {
    const { chunks, chunkRows, length } = this.table;
    while (this.#coarse.length < chunks.length)
      this.#coarse.push(new CoarseChunk(chunks[this.#coarse.length], length, BLOCK));
    const byChunk = (rows: readonly number[]): number[][] => {
      const split = chunks.map((): number[] => []);
      for (const row of rows) split[Math.floor(row / chunkRows)].push(row % chunkRows);
      return split;
    };
    const writtenIn = byChunk(written);
    byChunk(freed).forEach((free, chunk) => {
      if (free.length + writtenIn[chunk].length > 0) this.#coarse[chunk].change(writtenIn[chunk], free);
    });
  }

  async #searchSome(probes: Float32Array, k: number): Promise<Neighbour[][]> {
    const { length, chunkRows } = this.table;
    const count = probes.length / length;
    const blocks = chunkRows / BLOCK;
    const least = Array.from({ length: count }, () => new Float64Array(this.#coarse.length * blocks));
    for (const [at, chunk] of this.#coarse.entries()) {
      const coded = chunk.encodeProbes(probes, count);
      const minima = await this.#product.run(chunk.codes, chunk.norms, coded.codes, count);
      least.forEach((to, probe) => chunk.leastDistances(minima, coded, probe, to, at * blocks));
    }
    return least.map((distances, probe) =>
      this.#narrowDown(distances, probes.subarray(probe * length, (probe + 1) * length), k),
    );
  }

  /** @param least how near each block can be at most */
  #narrowDown(least: Float64Array, probe: Float32Array, k: number): Neighbour[] {
    if (!probe.every(Number.isFinite)) return [];
    const nearest = new NearestPeople(k);
    const first = smallest(least, k * 2);
    for (const block of first) this.#compareBlock(block, probe, nearest);
    const seen = new Set(first);
    const left: number[] = [];
    let limit = Math.sqrt(nearest.bound);
    for (let block = 0; block < least.length; block += 1)
      if (least[block] <= limit && least[block] < Infinity && !seen.has(block)) left.push(block);
    left.sort((a, b) => least[a] - least[b]);
    for (const block of left) {
      if (least[block] > limit) break;
      this.#compareBlock(block, probe, nearest);
      limit = Math.sqrt(nearest.bound);
    }
    return nearest.neighbours();
  }

  #compareBlock(block: number, probe: Float32Array, nearest: NearestPeople): void {
    for (let row = block * BLOCK; row < (block + 1) * BLOCK; row += 1) this.compare(row, probe, nearest);
  }
}

/** Where the `count` smallest of the finite values are, smallest first. */
function smallest(values: Float64Array, count: number): number[] {
  const found: number[] = [];
  let bound = Infinity;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at];
    if (!(value < bound)) continue;
    let place = found.length;
    while (place > 0 && values[found[place - 1]] > value) place -= 1;
    found.splice(place, 0, at);
    if (found.length > count) found.pop();
    if (found.length === count) bound = values[found[count - 1]];
  }
  return found;
}

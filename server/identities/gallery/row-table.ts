import type { Member } from '../gallery-index.js';
import type { Person } from '../person.js';

/** About how many numbers a chunk holds: 16,384 rows of 128, 8 MB. Small enough that its products stay in the cache. */
const CHUNK_NUMBERS = 2 ** 21;
/** Rows that are compared as one when the coarse search narrows down; a chunk holds a whole number of blocks. */
export const BLOCK = 64;

/**
 * Embeddings in rows, a chunk of rows at a time, and whose each row is. A person's rows lie anywhere; those of somebody
 * who is removed are taken by the next who comes, so nothing is moved or built anew.
 */
export class RowTable {
  readonly length: number;
  readonly chunkRows: number;
  /** chunkRows x length numbers each. */
  readonly chunks: Float32Array[] = [];
  readonly #owners: (Person | null)[] = [];
  readonly #rows = new Map<string, Uint32Array>();
  readonly #free: number[] = [];

  constructor(length: number) {
    this.length = length;
    this.chunkRows = Math.max(1, Math.floor(CHUNK_NUMBERS / length / BLOCK)) * BLOCK;
  }

  /** Rows that are somebody's. */
  get used(): number {
    return this.#owners.length - this.#free.length;
  }

  get people(): number {
    return this.#rows.size;
  }

  /** Whose a row is; null for one that is free. */
  owner(row: number): Person | null {
    return this.#owners[row] ?? null;
  }

  /** Where a row lies: its chunk, and at which number of that it begins. */
  place(row: number): { chunk: Float32Array; start: number } {
    const chunk = Math.floor(row / this.chunkRows);
    return { chunk: this.chunks[chunk], start: (row - chunk * this.chunkRows) * this.length };
  }

  /** Gives a person's rows free, and says which they were. */
  remove(id: string): Uint32Array {
    const rows = this.#rows.get(id) ?? new Uint32Array();
    this.#rows.delete(id);
    for (const row of rows) {
      this.#owners[row] = null;
      this.#free.push(row);
    }
    return rows;
  }

  /** Writes the rows of somebody who is not there yet, and says which they are. */
  put({ id, name, embeddings }: Member): Uint32Array {
    const person = { id, name };
    const rows = Uint32Array.from(embeddings, (embedding) => {
      const row = this.#free.pop() ?? this.#owners.length;
      if (row >= this.chunks.length * this.chunkRows)
        this.chunks.push(new Float32Array(this.chunkRows * this.length));
      this.#owners[row] = person;
      const { chunk, start } = this.place(row);
      chunk.set(embedding, start);
      return row;
    });
    this.#rows.set(id, rows);
    return rows;
  }
}

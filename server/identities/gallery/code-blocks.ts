import { openNearKernels, PAGE, type NearCode, type NearKernels } from './near-kernels.js';

/**
 * Rows of a block, and bytes of their codes: groups of 16 rows, of each 16 lines of 16 bytes (assembly/scan.ts). A page of
 * memory, for a list's blocks lie anywhere and each begins with a wait for it.
 */
export const BLOCK_ROWS = 256;
const BLOCK_BYTES = 4_096;
const GROUP_BYTES = 256;
const LINES = 16;

/** What lies where in the memory, bytes: assembly/scan.ts says how much of each there has to be. */
const TABLES = 0;
const SCRATCH = 512;
const FOUND = 20_480;
const SORTED = FOUND + 16_384;
const WORK = PAGE;
/** Blocks that one search looks at at most: 16 million rows. */
const MOST_BLOCKS = 65_536;
const CODES = WORK + MOST_BLOCKS * 4;

/**
 * Codes of 32 parts in blocks of 256 rows, in the memory of the kernel that scans them. A slot is 256 times the number of a
 * block, plus the row in it.
 */
export class CodeBlocks {
  readonly #kernels: NearKernels;
  #views: Views;
  #used = 0;
  readonly #free: number[] = [];

  /** @param expected rows that there will be about */
  constructor(code: NearCode, expected: number) {
    this.#kernels = openNearKernels(code, CODES + Math.ceil(expected / BLOCK_ROWS) * BLOCK_BYTES);
    this.#views = views(this.#kernels);
  }

  /** Where the tables of the next scan have to be: PARTS x 16 bytes. */
  get tables(): Uint8Array {
    return this.#views.tables;
  }

  /** A block that is nobody's. */
  take(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const { length } = this.#views.codes;
    if ((this.#used + 1) * BLOCK_BYTES > length) {
      // By an eighth, so that growing does not come at every block.
      this.#kernels.memory.grow(Math.ceil(length / 8 / PAGE) + 1);
      this.#views = views(this.#kernels);
    }
    this.#used += 1;
    return this.#used - 1;
  }

  give(block: number): void {
    this.#free.push(block);
  }

  /** @param codes 32 numbers 0..15 */
  write(slot: number, codes: Uint8Array): void {
    const at = place(slot);
    const to = this.#views.codes;
    for (let line = 0; line < LINES; line += 1) to[at + line * 16] = codes[line] | (codes[line + LINES] << 4);
  }

  move(from: number, to: number): void {
    const source = place(from);
    const target = place(to);
    const { codes } = this.#views;
    for (let line = 0; line < LINES; line += 1) codes[target + line * 16] = codes[source + line * 16];
  }

  /** Adds a block to what the next scan looks at, as number `at`; false where there is no more room. */
  plan(at: number, block: number, rows: number): boolean {
    if (at >= MOST_BLOCKS) return false;
    this.#views.work[at] = block * 512 + rows;
    return true;
  }

  /**
   * The slots with the smallest sums of what the tables say, smallest first.
   *
   * @param planned blocks to look at
   * @param wanted 1..1024
   */
  scan(planned: number, wanted: number): Uint32Array {
    const { functions, memory } = this.#kernels;
    const count = functions.scan(CODES, WORK, planned, TABLES, wanted, SCRATCH, FOUND, SORTED);
    const pairs = new Uint32Array(memory.buffer, FOUND, count * 2);
    const slots = new Uint32Array(count);
    for (let at = 0; at < count; at += 1) slots[at] = pairs[at * 2];
    return slots;
  }
}

interface Views {
  codes: Uint8Array;
  work: Uint32Array;
  tables: Uint8Array;
}

function place(slot: number): number {
  const row = slot % BLOCK_ROWS;
  return ((slot - row) / BLOCK_ROWS) * BLOCK_BYTES + Math.floor(row / 16) * GROUP_BYTES + (row % 16);
}

function views({ memory: { buffer } }: NearKernels): Views {
  return {
    codes: new Uint8Array(buffer, CODES),
    work: new Uint32Array(buffer, WORK, MOST_BLOCKS),
    tables: new Uint8Array(buffer, TABLES, 512),
  };
}

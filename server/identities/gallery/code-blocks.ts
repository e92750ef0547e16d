import { openNearKernels, PAGE, type NearCode, type NearKernels } from './near-kernels.js';
import { AXES } from './space.js';

/** Rows of a block, and bytes of their codes: groups of 16 rows, of each 8 lines of 16 bytes (assembly/scan.ts). */
export const BLOCK_ROWS = 256;
const BLOCK_BYTES = 2_048;
const GROUP_BYTES = 128;
const LINES = 8;

/** What lies where in the memory, bytes: the assembly says how much of each there has to be. */
const TABLES = 0;
const PROBE = 256;
const SCRATCH = 512;
const FOUND = 2_048;
/** Finds of one scan at most, and twice as many while they are collected, of 8 bytes each. */
const MOST_FOUND = 1_024;
const SORTED = FOUND + MOST_FOUND * 2 * 8;
const BEST = SORTED + MOST_FOUND * 2 * 8;
const WORK = PAGE;
/** Finds that are collected beyond those that are wanted, at least: the fewer, the oftener they are sorted. */
const LEAST_ROOM = 64;

/**
 * Rows in blocks of 256, in the memory of the kernels that look through them: of each a code of 16 parts, by which nearly all
 * are told to be too far, and the same row in bytes, by which those that are left are told from each other. A slot is 256 times
 * the number of a block, plus the row in it.
 */
export class CodeBlocks {
  readonly #kernels: NearKernels;
  readonly #tables: Uint8Array;
  readonly #probe: Int8Array;
  readonly #work: Uint32Array;
  readonly #codes: Uint8Array;
  readonly #rows: Int8Array;
  readonly #most: number;
  #used = 0;
  readonly #free: number[] = [];

  /** @param most blocks there may be: what is not used of them takes no memory, for a page comes when it is written */
  constructor(code: NearCode, most: number) {
    const codes = WORK + Math.ceil((most * 4) / PAGE) * PAGE;
    const rows = codes + Math.ceil((most * BLOCK_BYTES) / PAGE) * PAGE;
    this.#kernels = openNearKernels(code, rows + most * BLOCK_ROWS * AXES);
    const { buffer } = this.#kernels.memory;
    this.#tables = new Uint8Array(buffer, TABLES, 256);
    this.#probe = new Int8Array(buffer, PROBE, AXES);
    this.#work = new Uint32Array(buffer, WORK, most);
    this.#codes = new Uint8Array(buffer, codes, most * BLOCK_BYTES);
    this.#rows = new Int8Array(buffer, rows, most * BLOCK_ROWS * AXES);
    this.#most = most;
  }

  /** Where the tables of the next scan have to be: PARTS x 16 bytes. */
  get tables(): Uint8Array {
    return this.#tables;
  }

  /** Where the probe of the next scan has to be: AXES signed bytes. */
  get probe(): Int8Array {
    return this.#probe;
  }

  /** A block that is nobody's; null when there is none left. */
  take(): number | null {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#used === this.#most) return null;
    this.#used += 1;
    return this.#used - 1;
  }

  give(block: number): void {
    this.#free.push(block);
  }

  /**
   * @param codes 16 numbers 0..15
   * @param fine AXES signed bytes
   */
  write(slot: number, codes: Uint8Array, fine: Int8Array): void {
    const at = place(slot);
    for (let line = 0; line < LINES; line += 1)
      this.#codes[at + line * 16] = codes[line] | (codes[line + LINES] << 4);
    this.#rows.set(fine, slot * AXES);
  }

  move(from: number, to: number): void {
    const source = place(from);
    const target = place(to);
    const codes = this.#codes;
    for (let line = 0; line < LINES; line += 1) codes[target + line * 16] = codes[source + line * 16];
    this.#rows.copyWithin(to * AXES, from * AXES, (from + 1) * AXES);
  }

  /** Leaves nothing of a row in its slot. */
  clear(slot: number): void {
    const at = place(slot);
    for (let line = 0; line < LINES; line += 1) this.#codes[at + line * 16] = 0;
    this.#rows.fill(0, slot * AXES, (slot + 1) * AXES);
  }

  /** Adds a block to what the next scan looks at, as number `at`. */
  plan(at: number, block: number, rows: number): void {
    this.#work[at] = block * 512 + rows;
  }

  /**
   * The slots nearest to the probe, about nearest first, of those with the smallest sums of what the tables say.
   *
   * @param planned blocks to look at
   * @param found so many of the smallest sums, 1..1024
   * @param wanted so many of the nearest, up to `found`
   */
  scan(planned: number, found: number, wanted: number): Uint32Array {
    const { functions, memory } = this.#kernels;
    const room = found + Math.max(found, LEAST_ROOM);
    const codes = this.#codes.byteOffset;
    const count = functions.scan(codes, WORK, planned, TABLES, found, SCRATCH, FOUND, SORTED, room);
    const best = Math.min(count, wanted);
    if (best > 0) functions.refine(FOUND, count, this.#rows.byteOffset, PROBE, best, BEST);
    const pairs = new Uint32Array(memory.buffer, BEST, best * 2);
    return Uint32Array.from({ length: best }, (_, at) => pairs[at * 2]);
  }
}

function place(slot: number): number {
  const row = slot % BLOCK_ROWS;
  return ((slot - row) / BLOCK_ROWS) * BLOCK_BYTES + Math.floor(row / 16) * GROUP_BYTES + (row % 16);
}

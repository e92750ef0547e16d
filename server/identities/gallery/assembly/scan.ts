// Sums of table entries for 16 rows at a time: a table of 16 bytes is looked up by one instruction for 16 rows, and sums stay in
// bytes that stop at 255, where a row is too far to be told from others ("Cache locality is not enough", Andre, Kermarrec, Le Scouarnec, 2015).

/** Rows of a group, and bytes of their codes: 8 lines of 16 bytes, in line p the codes of parts p (low four bits) and p + 8 of each row. */
const GROUP: i32 = 16;
const GROUP_BYTES: usize = 128;
const BLOCK_BYTES: usize = 2048;
/** What a sum stops at. */
const LARGEST: i32 = 255;
/** Blocks that are read ahead together. */
const AHEAD: usize = 4;

/**
 * The rows with the smallest sums of the tables' entries, smallest first.
 *
 * @param codes the first block
 * @param work the blocks to look at: 512 times its number, plus how many of its 256 rows are somebody's, 1..256
 * @param count how many blocks
 * @param tables 16 x 16 bytes
 * @param wanted 1..1024
 * @param scratch 16 bytes, then 256 counts of 4 bytes
 * @param found receives pairs of 4 bytes: slot (256 times the block's number, plus the row), and sum; has room for `room` of them
 * @param sorted as long, for sorting
 * @param room finds that are collected until the best `wanted` of them are told: at least wanted + 16
 * @returns how many were found
 */
export function scan(
  codes: usize,
  work: usize,
  count: i32,
  tables: usize,
  wanted: i32,
  scratch: usize,
  found: usize,
  sorted: usize,
  room: i32,
): i32 {
  // Those that are further are not among the best so far.
  let bound = i8x16.splat(<i8>LARGEST);
  let finds = 0;
  let touched = work;
  for (const last = work + <usize>count * 4; work < last; work += 4) {
    if (work == touched) touched = touch(codes, work, min(work + AHEAD * 4, last), scratch);
    const entry = load<u32>(work);
    const block = entry >> 9;
    const used = <i32>(entry & 511);
    let at = codes + <usize>block * BLOCK_BYTES;
    for (let first = 0; first < used; first += GROUP, at += GROUP_BYTES) {
      const sums = sumLines(at, tables);
      let rows = i8x16.bitmask(i8x16.le_u(sums, bound));
      if (rows == 0) continue;
      if (used - first < GROUP) rows &= (1 << (used - first)) - 1;
      if (finds + GROUP > room) {
        finds = select(found, finds, wanted, scratch + 16, sorted);
        const limit = load<i32>(found + <usize>(finds - 1) * 8, 4) - 1;
        // Nobody is nearer than those who are nought away.
        if (limit < 0) return finds;
        bound = i8x16.splat(<i8>limit);
        rows &= i8x16.bitmask(i8x16.le_u(sums, bound));
      }
      v128.store(scratch, sums);
      while (rows != 0) {
        const row = ctz(rows);
        rows &= rows - 1;
        const find = found + <usize>finds * 8;
        store<u32>(find, block * 256 + <u32>(first + row));
        store<u32>(find, load<u8>(scratch + <usize>row), 4);
        finds += 1;
      }
    }
  }
  return finds == 0 ? 0 : select(found, finds, wanted, scratch + 16, sorted);
}

/**
 * Reads a word of each cache line of some blocks before they are needed: they lie anywhere, and the processor waits for many
 * lines in hardly more time than for one.
 *
 * @returns `to`
 */
function touch(codes: usize, from: usize, to: usize, scratch: usize): usize {
  let seen: u32 = 0;
  for (let line: usize = 0; line < BLOCK_BYTES; line += 64)
    for (let at = from; at < to; at += 4)
      seen |= load<u32>(codes + <usize>(load<u32>(at) >> 9) * BLOCK_BYTES + line);
  // Reads of which nothing comes would be left out.
  store<u32>(scratch, seen);
  return to;
}

/** The sums of a group. */
function sumLines(at: usize, tables: usize): v128 {
  let sums = addLine(i8x16.splat(0), v128.load(at, 0), v128.load(tables, 0), v128.load(tables, 128));
  sums = addLine(sums, v128.load(at, 16), v128.load(tables, 16), v128.load(tables, 144));
  sums = addLine(sums, v128.load(at, 32), v128.load(tables, 32), v128.load(tables, 160));
  sums = addLine(sums, v128.load(at, 48), v128.load(tables, 48), v128.load(tables, 176));
  sums = addLine(sums, v128.load(at, 64), v128.load(tables, 64), v128.load(tables, 192));
  sums = addLine(sums, v128.load(at, 80), v128.load(tables, 80), v128.load(tables, 208));
  sums = addLine(sums, v128.load(at, 96), v128.load(tables, 96), v128.load(tables, 224));
  return addLine(sums, v128.load(at, 112), v128.load(tables, 112), v128.load(tables, 240));
}

function addLine(sums: v128, line: v128, low: v128, high: v128): v128 {
  const lows = i8x16.swizzle(low, v128.and(line, i8x16.splat(15)));
  return i8x16.add_sat_u(i8x16.add_sat_u(sums, lows), i8x16.swizzle(high, i8x16.shr_u(line, 4)));
}

/** Leaves the `wanted` finds with the smallest sums, smallest first, of equal ones those that came first. */
function select(found: usize, finds: i32, wanted: i32, counts: usize, sorted: usize): i32 {
  memory.fill(counts, 0, 1024);
  const end = found + <usize>finds * 8;
  for (let at = found; at < end; at += 8) {
    const count = counts + <usize>load<u32>(at + 4) * 4;
    store<u32>(count, load<u32>(count) + 1);
  }
  let before: u32 = 0;
  for (let count = counts; count < counts + 1024; count += 4) {
    const here = load<u32>(count);
    store<u32>(count, before);
    before += here;
  }
  for (let at = found; at < end; at += 8) {
    const count = counts + <usize>load<u32>(at + 4) * 4;
    const place = load<u32>(count);
    store<u32>(count, place + 1);
    store<u64>(sorted + <usize>place * 8, load<u64>(at));
  }
  const left = min(finds, wanted);
  memory.copy(found, sorted, <usize>left * 8);
  return left;
}

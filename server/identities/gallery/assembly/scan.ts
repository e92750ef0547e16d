// Sums of table entries for 16 rows at a time: a table of 16 bytes is looked up by one instruction for 16 rows.

/** Rows of a group, and bytes of it: 16 lines of 16 bytes, in line p the codes of parts p (low half) and p + 16 of each row. */
const GROUP: i32 = 16;
const GROUP_BYTES: usize = 256;
const BLOCK_BYTES: usize = 4096;
/** Largest sum and one more: 32 parts of at most 127. */
const SUMS: i32 = 4096;
/** Finds that there is room for; so many and the rows of a group more are never there at once. */
const ROOM: i32 = 2048;

/**
 * The rows with the smallest sums of the tables' entries, smallest first.
 *
 * @param codes the first block
 * @param work the blocks to look at: 512 times its number, plus how many of its 256 rows are somebody's, 1..256
 * @param count how many blocks
 * @param tables 32 x 16 bytes, 0..127
 * @param wanted 1..1024
 * @param scratch 32 bytes, then SUMS counts of 4 bytes
 * @param found receives pairs of 4 bytes: slot (256 times the block's number, plus the row), and sum; has room for ROOM of them
 * @param sorted as long, for sorting
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
): i32 {
  const low = i8x16.splat(15);
  let limit = SUMS;
  let bound = i16x8.splat(<i16>limit);
  let finds = 0;
  for (const last = work + <usize>count * 4; work < last; work += 4) {
    const entry = load<u32>(work);
    const block = entry >> 9;
    const used = <i32>(entry & 511);
    let at = codes + <usize>block * BLOCK_BYTES;
    for (let first = 0; first < used; first += GROUP) {
      // Sums of the rows with odd numbers, and of both in one: those with even numbers, plus 256 times those with odd ones.
      let both = i16x8.splat(0);
      let odd = both;
      let table = tables;
      for (const end = at + GROUP_BYTES; at < end; at += 16) {
        const line = v128.load(at);
        const pair = i8x16.add(
          i8x16.swizzle(v128.load(table), v128.and(line, low)),
          i8x16.swizzle(v128.load(table, 256), v128.and(i16x8.shr_u(line, 4), low)),
        );
        both = i16x8.add(both, pair);
        odd = i16x8.add(odd, i16x8.shr_u(pair, 8));
        table += 16;
      }
      const even = i16x8.sub(both, i16x8.shl(odd, 8));
      const evenBelow = i16x8.lt_s(even, bound);
      const oddBelow = i16x8.lt_s(odd, bound);
      if (!v128.any_true(v128.or(evenBelow, oddBelow))) continue;
      if (finds + GROUP > ROOM) {
        finds = select(found, finds, wanted, scratch + 32, sorted, limit);
        limit = load<u32>(found + <usize>(finds - 1) * 8 + 4);
        bound = i16x8.splat(<i16>limit);
      }
      // Side by side again: rows in their order.
      v128.store(scratch, v128.shuffle<i16>(even, odd, 0, 8, 1, 9, 2, 10, 3, 11));
      v128.store(scratch + 16, v128.shuffle<i16>(even, odd, 4, 12, 5, 13, 6, 14, 7, 15));
      let rows = i8x16.bitmask(
        v128.shuffle<i8>(evenBelow, oddBelow, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
      );
      while (rows != 0) {
        const row = ctz(rows);
        rows &= rows - 1;
        if (first + row >= used) break;
        store<u32>(found + <usize>finds * 8, block * 256 + <u32>(first + row));
        store<u32>(found + <usize>finds * 8 + 4, load<u16>(scratch + <usize>row * 2));
        finds += 1;
      }
    }
  }
  return finds == 0 ? 0 : select(found, finds, wanted, scratch + 32, sorted, limit);
}

/**
 * Leaves the `wanted` finds with the smallest sums, smallest first, of equal ones those that came first.
 *
 * @param limit more than any of the sums
 */
function select(found: usize, finds: i32, wanted: i32, counts: usize, sorted: usize, limit: i32): i32 {
  memory.fill(counts, 0, <usize>limit * 4);
  const end = found + <usize>finds * 8;
  for (let at = found; at < end; at += 8) {
    const count = counts + <usize>load<u32>(at + 4) * 4;
    store<u32>(count, load<u32>(count) + 1);
  }
  let before: u32 = 0;
  for (let count = counts; count < counts + <usize>limit * 4; count += 4) {
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

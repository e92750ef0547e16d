// Squared distances of rows in 64 signed bytes, one cache line a row.

const LINE: usize = 64;
/** Bytes of the finds whose rows are read ahead together. */
const AHEAD: usize = 32 * 8;

/**
 * The rows nearest to a probe among those that were found, nearest first, of equally near ones those first that came first.
 *
 * @param found pairs of 4 bytes: slot, and what is not looked at
 * @param count how many
 * @param rows the first slot's 64 signed bytes, aligned to 64
 * @param probe 64 signed bytes in the same steps
 * @param wanted 1..count
 * @param best receives pairs of 4 bytes: slot, and squared distance; behind them there is room for 4 bytes
 */
export function refine(found: usize, count: i32, rows: usize, probe: usize, wanted: i32, best: usize): void {
  const last = best + <usize>(wanted - 1) * 8;
  let end = best;
  const stop = found + <usize>count * 8;
  let touched = found;
  for (; found < stop; found += 8) {
    if (found == touched) touched = touch(found, min(found + AHEAD, stop), rows, last + 8);
    const slot = load<u32>(found);
    const at = rows + <usize>slot * LINE;
    let sums = squares(v128.load(at, 0), v128.load(probe, 0));
    sums = i32x4.add(sums, squares(v128.load(at, 16), v128.load(probe, 16)));
    sums = i32x4.add(sums, squares(v128.load(at, 32), v128.load(probe, 32)));
    sums = i32x4.add(sums, squares(v128.load(at, 48), v128.load(probe, 48)));
    sums = i32x4.add(sums, v128.shuffle<i32>(sums, sums, 2, 3, 0, 1));
    const squared = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1);
    let place = end;
    if (end > last) {
      if (squared >= load<i32>(last, 4)) continue;
      place = last;
    } else end += 8;
    for (; place > best && load<i32>(place - 8, 4) > squared; place -= 8)
      store<u64>(place, load<u64>(place - 8));
    store<u32>(place, slot);
    store<i32>(place, squared, 4);
  }
}

/**
 * Reads a word of some rows before they are needed: they lie anywhere, and the processor waits for many in hardly more time
 * than for one.
 *
 * @returns `to`
 */
function touch(from: usize, to: usize, rows: usize, scratch: usize): usize {
  let seen: u32 = 0;
  for (let at = from; at < to; at += 8) seen |= load<u32>(rows + <usize>load<u32>(at) * LINE);
  // Reads of which nothing comes would be left out.
  store<u32>(scratch, seen);
  return to;
}

/** Of 16 pairs of signed bytes the squares of their differences, added up into four sums. */
function squares(a: v128, b: v128): v128 {
  const low = i16x8.sub(i16x8.extend_low_i8x16_s(a), i16x8.extend_low_i8x16_s(b));
  const high = i16x8.sub(i16x8.extend_high_i8x16_s(a), i16x8.extend_high_i8x16_s(b));
  return i32x4.add(i32x4.dot_i16x8_s(low, low), i32x4.dot_i16x8_s(high, high));
}

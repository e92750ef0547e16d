// Chooses lists by how near they are, about nearest first: they are counted into steps, which takes less than sorting them.

const STEPS: u32 = 512;
/** Lists that are looked at to choose the steps. */
const LOOKED_AT: i32 = 64;

/**
 * The lists nearest to a probe, each with at least one row. Those beyond three quarters of the others are in the last step,
 * however far they are.
 *
 * @param nearness of each list 4 bytes, a float: the nearer the smaller
 * @param counts of each list 4 bytes: its rows
 * @param lists how many
 * @param budget rows that the chosen lists hold together, and no more lists than are needed for that
 * @param scratch 2 x 512 x 4 bytes, then 2 bytes for each list
 * @param order receives the chosen lists, 4 bytes each; has room for all
 * @returns how many were chosen
 */
export function choose(
  nearness: usize,
  counts: usize,
  lists: i32,
  budget: u32,
  scratch: usize,
  order: usize,
): i32 {
  const places = scratch;
  const rows = scratch + <usize>STEPS * 4;
  const steps = rows + <usize>STEPS * 4;
  const least = leastOf(nearness, counts, lists);
  const most = threeQuartersOf(nearness, lists, scratch);
  const scale = <f32>(STEPS - 1) / max<f32>(most - least, f32.MIN_NORMAL_VALUE);
  memory.fill(scratch, 0, <usize>STEPS * 8);
  for (let list = 0; list < lists; list += 1) {
    const at = <usize>list * 4;
    const wide = (load<f32>(nearness + at) - least) * scale;
    // Not a number for a probe so large that nothing can be told of it.
    const step = wide < <f32>(STEPS - 1) ? <usize>wide : <usize>(STEPS - 1);
    const count = load<u32>(counts + at);
    store<u16>(steps + <usize>list * 2, <u16>step);
    store<u32>(places + <usize>step * 4, load<u32>(places + <usize>step * 4) + <u32>(count > 0));
    store<u32>(rows + <usize>step * 4, load<u32>(rows + <usize>step * 4) + count);
  }
  const last = placeSteps(places, rows, budget);
  for (let list = 0; list < lists; list += 1) {
    const step = <u32>load<u16>(steps + <usize>list * 2);
    if (step > last || load<u32>(counts + <usize>list * 4) == 0) continue;
    const place = load<u32>(places + <usize>step * 4);
    store<u32>(places + <usize>step * 4, place + 1);
    store<u32>(order + <usize>place * 4, list);
  }
  const there = <i32>load<u32>(places + <usize>last * 4);
  let chosen = 0;
  for (let held: u32 = 0; chosen < there && held < budget; chosen += 1)
    held += load<u32>(counts + <usize>load<u32>(order + <usize>chosen * 4) * 4);
  return chosen;
}

/** Turns how many lists are in each step into where they go, up to the last step that is needed, which it returns. */
function placeSteps(places: usize, rows: usize, budget: u32): u32 {
  let before: u32 = 0;
  let held: u32 = 0;
  for (let step: u32 = 0; step < STEPS; step += 1) {
    const here = load<u32>(places + <usize>step * 4);
    store<u32>(places + <usize>step * 4, before);
    before += here;
    held += load<u32>(rows + <usize>step * 4);
    if (held >= budget) return step;
  }
  return STEPS - 1;
}

function leastOf(nearness: usize, counts: usize, lists: i32): f32 {
  let least = f32.MAX_VALUE;
  for (let at: usize = 0; at < <usize>lists * 4; at += 4)
    if (load<u32>(counts + at) > 0) least = min(least, load<f32>(nearness + at));
  return least;
}

function threeQuartersOf(nearness: usize, lists: i32, scratch: usize): f32 {
  for (let n = 0; n < LOOKED_AT; n += 1) {
    const value = load<f32>(nearness + <usize>((n * lists) / LOOKED_AT) * 4);
    let place = scratch + <usize>n * 4;
    for (; place > scratch && load<f32>(place - 4) > value; place -= 4)
      store<f32>(place, load<f32>(place - 4));
    store<f32>(place, value);
  }
  return load<f32>(scratch + <usize>((LOOKED_AT * 3) / 4) * 4);
}

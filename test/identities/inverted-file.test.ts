import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { BLOCK_ROWS, CodeBlocks } from '../../server/identities/gallery/code-blocks.js';
import { openInvertedFile } from '../../server/identities/gallery/inverted-file.js';
import { Centres } from '../../server/identities/gallery/k-means.js';
import { loadNearKernels } from '../../server/identities/gallery/near-kernels.js';
import type { NearRows } from '../../server/identities/gallery/near-rows.js';
import { NearestLists } from '../../server/identities/gallery/nearest-lists.js';
import { squaredDistance } from '../../server/identities/gallery/nearest-people.js';
import { PARTS } from '../../server/identities/gallery/product-code.js';
import { Products } from '../../server/identities/gallery/products.js';
import { AXES } from '../../server/identities/gallery/space.js';
import { drawPeople, randomly } from '../fixtures/drawn-embeddings.js';

const { signal } = new AbortController();

const PROBES = 100;

/** Embeddings of so many people, one photo each, and another photo of some of them. */
function draw(length: number, count: number, seed: number) {
  const people = drawPeople(length, seed);
  const embeddings = new Float32Array(count * length);
  const probes = new Float32Array(PROBES * length);
  for (let row = 0; row < count; row += 1) {
    const { photo } = people.person();
    embeddings.set(photo(), row * length);
    if (row < PROBES) probes.set(photo(), row * length);
  }
  return { embeddings, probes };
}

const rowsFrom = (first: number, count: number) => Array.from({ length: count }, (_, n) => first + n);

async function learnt(sample: Float32Array, length: number, expected: number): Promise<NearRows> {
  const near = await (await openInvertedFile()(length))(sample, expected, signal);
  if (!near) throw new Error('nothing could be learnt');
  return near;
}

/** Share of probes whose nearest row is among what was found. */
function recall(near: NearRows, embeddings: Float32Array, probes: Float32Array, length: number): number {
  const found = near.search(probes, 64).map((rows) => rows ?? new Uint32Array());
  const hits = found.filter((rows, probe) => {
    let nearest = 0;
    let least = Infinity;
    for (let row = 0; row * length < embeddings.length; row += 1) {
      const distance = squaredDistance(embeddings, row * length, probes, probe * length, length, least);
      if (distance < least) [least, nearest] = [distance, row];
    }
    return rows.includes(nearest);
  });
  return hits.length / found.length;
}

describe('the inverted file', () => {
  it.each([
    [128, 24_000],
    [512, 10_000],
  ])(
    'finds the nearest among rows of %i numbers, though it looks at some of %i only',
    async (length, count) => {
      const { embeddings, probes } = draw(length, count, 41);
      const near = await learnt(embeddings, length, count);
      expect(near.add(rowsFrom(0, count), embeddings)).toEqual([]);
      expect(recall(near, embeddings, probes, length)).toBeGreaterThanOrEqual(0.97);
    },
  );

  it('knows every row that came and none that went, whatever came and went before', async () => {
    const random = randomly(42);
    const { embeddings } = draw(128, 4_000, 43);
    const one = (row: number) => embeddings.subarray(row * 128, (row + 1) * 128);
    const near = await learnt(embeddings, 128, 100);
    const there = new Set<number>();
    for (let round = 0; round < 200; round += 1) {
      const come = new Set(Array.from({ length: 60 }, () => Math.floor(random() * 4_000)));
      for (const row of there) come.delete(row);
      near.add([...come], Float32Array.from([...come].flatMap((row) => [...one(row)])));
      for (const row of come) there.add(row);
      const go = [...there].filter(() => random() < 0.02);
      near.remove([...go, 4_001]);
      for (const row of go) there.delete(row);
    }
    expect(there.size).toBeGreaterThan(1_000);
    for (let row = 0; row < 4_000; row += 7) {
      const found = near.search(one(row), 128)[0]!;
      expect(found.includes(row)).toBe(there.has(row));
      expect([...found].filter((other) => !there.has(other))).toEqual([]);
      expect(new Set(found).size).toBe(Math.min(128, there.size));
    }
    near.remove([...there]);
    expect(near.search(one(0), 128)).toEqual([new Uint32Array()]);
  });

  it('stops learning when it is told to', async () => {
    const { embeddings } = draw(128, 2_000, 44);
    const stop = new AbortController();
    const learning = (await openInvertedFile()(128))(embeddings, 2_000, stop.signal);
    stop.abort();
    await expect(learning).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('says what to do where its kernels were not built', async () => {
    const kernels = pathToFileURL('/nowhere/near.wasm');
    await expect(openInvertedFile({ kernels })(128)).rejects.toMatchObject({
      code: 'GALLERY_UNAVAILABLE',
      remedy: 'Exact search goes on. Run `npm run build`.',
    });
  });
});

describe('the kernels of the inverted file', () => {
  it('multiply as plain loops do, rows of any length and number', async () => {
    const code = await loadNearKernels();
    const random = randomly(45);
    for (const [length, count, many] of [
      [128, 64, 10],
      [7, 5, 3],
      [1, 1, 1],
    ]) {
      const left = Float32Array.from({ length: count * length }, () => random() - 0.5);
      const right = Float32Array.from({ length: many * length }, () => random() - 0.5);
      const products = new Products(code, right, length);
      const found = products.times(left);
      for (let i = 0; i < count; i += 1)
        for (let j = 0; j < many; j += 1) {
          let sum = 0;
          for (let n = 0; n < length; n += 1) sum += left[i * length + n] * right[j * length + n];
          expect(found[i * products.many + j]).toBeCloseTo(sum, 5);
        }
    }
  });

  it('find the rows with the smallest sums, in order, as plain loops do', async () => {
    const random = randomly(46);
    const codes = Array.from({ length: 100 * BLOCK_ROWS - 23 }, () =>
      Uint8Array.from({ length: PARTS }, () => Math.floor(random() * 16)),
    );
    const same = new Int8Array(AXES);
    const { blocks, plan } = await fill(codes.map((code) => ({ code, fine: same })));
    blocks.probe.set(same);
    // Sums stop at 255: of the last kind all of them do.
    for (const largest of [20, 100, 2, 255]) {
      const tables = Uint8Array.from({ length: PARTS * 16 }, () =>
        largest === 255 ? 255 : Math.floor(random() * largest),
      );
      blocks.tables.set(tables);
      const sums = codes.map((code) =>
        Math.min(
          255,
          code.reduce((sum, value, part) => sum + tables[part * 16 + value], 0),
        ),
      );
      const wanted = [...sums].sort((a, b) => a - b);
      for (const count of [1, 128, 1_024]) {
        const found = blocks.scan(plan(), count, count);
        expect(new Set(found).size).toBe(count);
        expect(Array.from(found, (slot) => sums[slot])).toEqual(wanted.slice(0, count));
      }
    }
  });

  it('put what they found in the order of its distances, as plain loops do', async () => {
    const random = randomly(47);
    const byte = () => Math.floor(random() * 255) - 127;
    const rows = Array.from({ length: 700 }, () => Int8Array.from({ length: AXES }, byte));
    const { blocks, plan } = await fill(rows.map((fine) => ({ code: new Uint8Array(PARTS), fine })));
    blocks.tables.fill(0);
    for (const probe of [Int8Array.from({ length: AXES }, byte), new Int8Array(AXES).fill(-127), rows[699]]) {
      blocks.probe.set(probe);
      const squares = rows.map((row) => row.reduce((sum, value, i) => sum + (value - probe[i]) ** 2, 0));
      const wanted = [...squares].sort((a, b) => a - b);
      for (const count of [1, 64, 700])
        expect(Array.from(blocks.scan(plan(), 700, count), (slot) => squares[slot])).toEqual(
          wanted.slice(0, count),
        );
    }
  });

  it('keep nothing of a row that is gone', async () => {
    const rows = [100, 90].map((value) => ({
      code: new Uint8Array(PARTS),
      fine: new Int8Array(AXES).fill(value),
    }));
    const { blocks, plan } = await fill(rows);
    blocks.tables.fill(0);
    blocks.probe.fill(100);
    expect([...blocks.scan(plan(), 2, 2)]).toEqual([0, 1]);
    blocks.clear(0);
    expect([...blocks.scan(plan(), 2, 2)]).toEqual([1, 0]);
  });

  it('choose the nearest lists until these hold as many rows as are wanted, to a step', async () => {
    const random = randomly(48);
    const code = await loadNearKernels();
    const lists = 500;
    const chooser = new NearestLists(code, new Centres(code, new Float32Array(lists * 4), 4));
    // Some lists are empty, and the last ones as far away as nobody is.
    for (let list = 0; list < lists; list += 1) chooser.counts[list] = Math.floor(random() * 10);
    const nearness = Float32Array.from({ length: lists }, (_, list) => (list < 400 ? random() : 1e30));
    const rows = chooser.counts.reduce((sum, count) => sum + count, 0);
    const there = [...nearness.keys()].filter((list) => chooser.counts[list] > 0);
    for (const budget of [1, rows / 16, rows / 2, rows, rows + 1]) {
      const { lists: chosen, least } = chooser.choose(nearness, budget);
      expect(least).toBe(Math.min(...there.map((list) => nearness[list])));
      const held = Array.from(chosen, (list) => chooser.counts[list]);
      expect(Math.min(...held)).toBeGreaterThan(0);
      const sum = held.reduce((a, b) => a + b, 0);
      if (budget > rows) expect(sum).toBe(rows);
      else {
        expect(sum).toBeGreaterThanOrEqual(budget);
        expect(sum - held.at(-1)!).toBeLessThan(budget);
      }
      const furthest = Math.max(...Array.from(chosen, (list) => nearness[list]));
      const isLeftOut = (list: number) => !chosen.includes(list) && nearness[list] < furthest - 1 / 256;
      expect(there.filter(isLeftOut)).toEqual([]);
    }
  });
});

/** Blocks with these rows in their order; `plan` has all of them looked at. */
async function fill(rows: readonly { code: Uint8Array; fine: Int8Array }[]) {
  const count = Math.ceil(rows.length / BLOCK_ROWS);
  const blocks = new CodeBlocks(await loadNearKernels(), count);
  rows.forEach(({ code, fine }, slot) => {
    if (slot % BLOCK_ROWS === 0) blocks.take();
    blocks.write(slot, code, fine);
  });
  expect(blocks.take()).toBeNull();
  const plan = () => {
    for (let block = 0; block < count; block += 1)
      blocks.plan(block, block, Math.min(BLOCK_ROWS, rows.length - block * BLOCK_ROWS));
    return count;
  };
  return { blocks, plan };
}

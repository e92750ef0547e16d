import { afterEach, describe, expect, it } from 'vitest';
import { ApproximateIndex } from '../../server/identities/gallery/approximate-index.js';
import { openLoopMinima } from '../../server/identities/gallery/block-minima.js';
import { openInvertedFile } from '../../server/identities/gallery/inverted-file.js';
import { nearestMembers } from '../../server/identities/gallery/loop-index.js';
import { MatrixIndex } from '../../server/identities/gallery/matrix-index.js';
import type { Member } from '../../server/identities/gallery-index.js';
import { drawPeople, randomly } from '../fixtures/drawn-embeddings.js';

/** What the approximate index says of itself where its lists answer, and where they cannot and exact search does. */
const BY_LISTS = /\(\d+ lists\)$/;
const EXACTLY = /lie too unevenly: exact search goes on\)$/;
/** More than a search looks at: of these it has to choose lists. */
const MANY = 12_000;

const opened: ApproximateIndex[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((index) => index.close()));
});

interface Uneven {
  rows: Float32Array[];
  /** Rows that come when lists were made of the others. */
  later?: Float32Array[];
  probes: Float32Array[];
}

async function search({ rows, later = [], probes }: Uneven) {
  const [{ length }] = rows;
  const named = (prefix: string) => (embedding: Float32Array, n: number) => ({
    id: `${prefix}${n}`,
    name: '',
    embeddings: [embedding],
  });
  const members: Member[] = [...rows.map(named('p')), ...later.map(named('q'))];
  const exact = await MatrixIndex.open(length, openLoopMinima);
  const index = new ApproximateIndex(exact, await openInvertedFile()(length), { mostWaiting: 100 });
  opened.push(index);
  await index.update({ put: members.slice(0, rows.length), remove: [] });
  await index.settled();
  await index.update({ put: members.slice(rows.length), remove: [] });
  await index.settled();
  const found = await index.search(Float32Array.from(probes.flatMap((probe) => [...probe])), 5);
  const wanted = probes.map((probe) => nearestMembers(members, probe, 5));
  const hits = wanted.flatMap((five, probe) =>
    five.map(({ person }) => found[probe].some((one) => one.person.id === person.id)),
  );
  return { index, found, wanted, recall: hits.filter(Boolean).length / hits.length };
}

/** Drawn once: rows are cut from them, and none is changed. */
const drawn = drawMany(drawPeople(128, 51), MANY + 20);
const centres = drawMany(drawPeople(128, 53), 100);

function drawMany(people: ReturnType<typeof drawPeople>, count: number): Float32Array[] {
  return Array.from({ length: count }, () => people.person().photo());
}

function draw(count: number) {
  return { rows: drawn.slice(0, count), probes: drawn.slice(MANY) };
}

const moved = (embedding: Float32Array, by: number) => embedding.map((x) => x + by);
const times = (embedding: Float32Array, by: number) => embedding.map((x) => x * by);

describe('the inverted file, of embeddings that lie unevenly', () => {
  it.each([1e-20, 1e15, 1e30])('finds who is near whatever the scale: %d', async (by) => {
    const { rows, probes } = draw(MANY);
    const scaled = (embeddings: Float32Array[]) => embeddings.map((one) => times(one, by));
    const { index, recall } = await search({ rows: scaled(rows), probes: scaled(probes) });
    expect(index.description).toMatch(BY_LISTS);
    expect(recall).toBeGreaterThanOrEqual(0.98);
  });

  it('and where all lie far from nought, though numbers so large are known less exactly', async () => {
    const { rows, probes } = draw(MANY);
    const far = (embeddings: Float32Array[]) => embeddings.map((one) => moved(one, 1e4));
    const { index, recall } = await search({ rows: far(rows), probes: far(probes) });
    expect(index.description).toMatch(BY_LISTS);
    expect(recall).toBeGreaterThanOrEqual(0.98);
  });

  it('keeps whoever lies far out beside the lists, and finds them and the others', async () => {
    const { rows, probes } = draw(6_000);
    const random = randomly(52);
    const far = rows.map((row, n) => (n % 100 === 0 ? times(row, 10 ** (1 + 8 * random())) : row));
    const asked = [...probes, far[0], times(far[0], 2), times(probes[0], 1e6)];
    const { index, found, wanted, recall } = await search({ rows: far, probes: asked });
    expect(index.description).toMatch(BY_LISTS);
    expect(recall).toBeGreaterThanOrEqual(0.95);
    const farOut = probes.length;
    expect(found.slice(farOut)).toEqual(wanted.slice(farOut));
  });

  it('and knows them no more when they are gone', async () => {
    const { rows, probes } = draw(500);
    const far = times(rows[0], 1e6);
    const { index } = await search({ rows: [far, ...rows], probes });
    expect((await index.search(far, 1))[0]).toMatchObject([{ person: { id: 'p0' }, distance: 0 }]);
    await index.update({ put: [], remove: ['p0'] });
    expect((await index.search(far, 1))[0][0].person.id).not.toBe('p0');
    expect(index.samples).toBe(500);
  });

  it.each([3, 100, 1e6])('finds who is near in two clusters, %d times as far apart as wide', async (by) => {
    for (const share of [0.5, 0.97]) {
      const { rows, probes } = draw(MANY);
      const split = (row: Float32Array, n: number) =>
        n % 100 < share * 100 ? row : moved(row, (by * 0.57) / Math.sqrt(128));
      const asked = probes.map((probe, n) => split(probe, n % 2 === 0 ? 0 : 99));
      const { recall } = await search({ rows: rows.map(split), probes: asked });
      expect(recall).toBeGreaterThanOrEqual(0.98);
    }
  });

  it('finds exactly where all are the same, or nought', async () => {
    const { rows, probes } = draw(1);
    for (const one of [rows[0], new Float32Array(128)]) {
      const { index, found, wanted } = await search({
        rows: Array.from({ length: 500 }, () => one),
        probes: [one, ...probes],
      });
      expect(index.description).toMatch(EXACTLY);
      expect(found).toEqual(wanted);
    }
  });

  it('finds the others beside thousands who are the same, and of these the ones whose ids come first', async () => {
    const { rows, probes } = draw(MANY);
    for (const one of [rows[0], new Float32Array(128)]) {
      const { index, found, wanted, recall } = await search({
        rows: rows.map((row, n) => (n % 2 === 0 ? one : row)),
        probes: [one, moved(one, 1e-3), ...probes],
      });
      expect(index.description).toMatch(BY_LISTS);
      expect(found.slice(0, 2)).toEqual(wanted.slice(0, 2));
      expect(recall).toBeGreaterThanOrEqual(0.98);
    }
  });

  it('finds who is near where they came in the order in which they lie, half of them after the lists', async () => {
    const { rows, probes } = draw(MANY);
    rows.sort((a, b) => a[0] - b[0]);
    const half = MANY / 2 + 1;
    const { recall } = await search({ rows: rows.slice(0, half), later: rows.slice(half), probes });
    expect(recall).toBeGreaterThanOrEqual(0.98);
  });

  it('and where whole clusters came after the lists were made of others', async () => {
    const { rows } = draw(MANY);
    const clusters = rows.map((row, n) => row.map((x, i) => 0.3 * x + centres[Math.floor(n / 120)][i]));
    const probes = clusters.filter((_, n) => n % 300 === 7).map((row) => moved(row, 0.01));
    const half = MANY / 2 + 1;
    const { recall } = await search({ rows: clusters.slice(0, half), later: clusters.slice(half), probes });
    expect(recall).toBeGreaterThanOrEqual(0.98);
  });

  it.each([128, 512])(
    'leaves it to exact search where %i numbers differ in all directions alike',
    async (length) => {
      const random = randomly(54);
      const one = () => Float32Array.from({ length }, () => random() + random() + random() - 1.5);
      const rows = Array.from({ length: 3_000 }, one);
      const { index, found, wanted } = await search({ rows, probes: Array.from({ length: 10 }, one) });
      expect(index.description).toMatch(EXACTLY);
      expect(found).toEqual(wanted);
    },
  );

  it('tries again when twice as many are there of whom lists can be made', async () => {
    const { rows, probes } = draw(3_000);
    const same = Array.from({ length: 500 }, () => rows[0]);
    const { index, found, wanted } = await search({ rows: same, later: rows, probes });
    expect(index.description).toMatch(BY_LISTS);
    expect(found).toEqual(wanted);
  });
});

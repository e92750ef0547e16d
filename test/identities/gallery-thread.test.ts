import type { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { GatehouseError } from '../../server/base/errors.js';
import { silentLog } from '../../server/base/log.js';
import { launchGallery } from '../../server/compose/gallery.js';
import type { GalleryIndex, Member } from '../../server/identities/gallery-index.js';
import { openLoopMinima } from '../../server/identities/gallery/block-minima.js';
import { gatherSearches } from '../../server/identities/gallery/gather-searches.js';
import { growIndex } from '../../server/identities/gallery/grow-index.js';
import { openInvertedFile } from '../../server/identities/gallery/inverted-file.js';
import { nearestMembers } from '../../server/identities/gallery/loop-index.js';
import { SwitchIndex, type SwitchOptions } from '../../server/identities/gallery/switch-index.js';
import { drawPeople } from '../fixtures/drawn-embeddings.js';

const LENGTH = 128;
const people = drawPeople(LENGTH, 31);
const members = Array.from({ length: 300 }, (_, n): Member => {
  const person = people.person();
  return { id: `p${n}`, name: `P ${n}`, embeddings: [person.photo()] };
});
const probe = people.person().photo();
const ids = (some: readonly Member[]) => some.map(({ id }) => id);

const open: GalleryIndex[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((index) => index.close()));
});

/** Switched by size, and every worker that was started. */
function switched(options: Partial<SwitchOptions> = {}) {
  const workers: Worker[] = [];
  const index = new SwitchIndex({
    ...{ length: LENGTH, mode: 'exact', log: silentLog, from: 100, until: 60 },
    launch(setup) {
      const worker = launchGallery(setup);
      workers.push(worker);
      return worker;
    },
    ...options,
  });
  open.push(index);
  return { index, workers };
}

const died = (worker: Worker) => worker.threadId === -1;

describe('the index that is switched by size', () => {
  it('starts a thread only when there are many, and ends it when there are few again', async () => {
    const { index, workers } = switched();
    await index.update({ put: members.slice(0, 99), remove: [] });
    expect(workers).toHaveLength(0);
    await index.update({ put: members.slice(99, 120), remove: [] });
    expect(workers).toHaveLength(1);
    expect(index.description).toMatch(/^exact, by matrix products \(onnxruntime /);
    // Between the two sizes nothing is switched.
    await index.update({ put: [], remove: ids(members.slice(70, 120)) });
    expect([workers.length, died(workers[0])]).toEqual([1, false]);
    await index.update({ put: [], remove: ids(members.slice(50, 70)) });
    expect(died(workers[0])).toBe(true);
    expect(index.description).toBe('one by one');
    expect(await index.search(probe, 5)).toEqual([nearestMembers(members.slice(0, 50), probe, 5)]);
  });

  it('leaves no thread behind', async () => {
    const { index, workers } = switched();
    await index.update({ put: members, remove: [] });
    const search = index.search(probe, 5);
    await index.close();
    expect(died(workers[0])).toBe(true);
    expect(await search).toEqual([nearestMembers(members, probe, 5)]);
  });

  it('replaces a thread that died, with everybody in it, and searches wait for that', async () => {
    const { index, workers } = switched();
    await index.update({ put: members.slice(0, 200), remove: [] });
    await workers[0].terminate();
    expect(await index.search(probe, 5)).toEqual([nearestMembers(members.slice(0, 200), probe, 5)]);
    expect(workers).toHaveLength(2);
    await index.update({ put: members.slice(200), remove: [] });
    expect(await index.search(probe, 5)).toEqual([nearestMembers(members, probe, 5)]);
    expect(index.problem).toBeNull();
  });

  it('loses no update that a dying thread had in hand', async () => {
    const { index, workers } = switched();
    await index.update({ put: members.slice(0, 200), remove: [] });
    const update = index.update({ put: members.slice(200), remove: ['p0'] });
    await Promise.all([update, workers[0].terminate()]);
    expect(await index.search(probe, 5)).toEqual([nearestMembers(members.slice(1), probe, 5)]);
  });

  it('goes on one by one where no thread can be kept, and says so', async () => {
    const { index, workers } = switched();
    await index.update({ put: members, remove: [] });
    for (let death = 0; death < 3; death += 1) {
      await workers[death].terminate();
      expect(await index.search(probe, 5)).toEqual([nearestMembers(members, probe, 5)]);
    }
    expect(workers).toHaveLength(3);
    expect(index.description).toBe('one by one');
    expect(index.problem).toMatch(/^GALLERY_FAILED: /);
  });
});

describe('the approximate search', () => {
  const grown = async (openNear = openInvertedFile(), mode: 'auto' | 'exact' | 'approximate' = 'auto') => {
    const index = await growIndex({
      ...{ length: LENGTH, mode, openProduct: openLoopMinima, openNear, from: 200, until: 100 },
    });
    open.push(index);
    return index;
  };

  it('takes over from some size on, and goes again below another', async () => {
    const index = await grown();
    await index.update({ put: members.slice(0, 199), remove: [] });
    expect(index.description).toMatch(/^exact/);
    await index.update({ put: members.slice(199), remove: [] });
    expect(index.description).toMatch(/^approximate, by an inverted file \(/);
    await index.update({ put: [], remove: ids(members.slice(100)) });
    expect(index.description).toMatch(/^approximate/);
    await index.update({ put: [], remove: ['p0'] });
    expect(index.description).toMatch(/^exact/);
    expect(await index.search(probe, 5)).toEqual([nearestMembers(members.slice(1, 100), probe, 5)]);
  });

  it('is never asked where exact search is wanted, and always where the approximate one is', async () => {
    const exact = await grown(openInvertedFile(), 'exact');
    await exact.update({ put: members, remove: [] });
    expect(exact.description).toMatch(/^exact/);
    expect((await grown(openInvertedFile(), 'approximate')).description).toMatch(/^approximate/);
  });

  it('leaves the exact search where it cannot run, and says why', async () => {
    const index = await grown(() =>
      Promise.reject(new GatehouseError('GALLERY_UNAVAILABLE', 'no kernels', 'Build it.')),
    );
    await index.update({ put: members, remove: [] });
    expect(index.description).toMatch(/^exact/);
    expect(index.problem).toBe('GALLERY_UNAVAILABLE: no kernels. Build it.');
    expect(await index.search(probe, 5)).toEqual([nearestMembers(members, probe, 5)]);
  });
});

it('puts searches together that are asked for in one turn or while another is under way', async () => {
  const asked: number[] = [];
  const searches = gatherSearches(1, async (probes, k) => {
    asked.push(probes.length);
    await new Promise((resolve) => setImmediate(resolve));
    if (probes.includes(99)) throw new Error('refused');
    return Array.from(probes, (value) => [
      { person: { id: String(value), name: String(k) }, distance: value },
    ]);
  });
  const answer = async (...probes: number[]) =>
    (await searches.search(Float32Array.from(probes), 5)).map(([{ person }]) => Number(person.id));
  const first = [answer(1), answer(2, 3), answer()];
  await Promise.resolve();
  await Promise.resolve();
  const later = [answer(4), answer(5, 6)];
  expect(await Promise.all(first)).toEqual([[1], [2, 3], []]);
  expect(await Promise.all(later)).toEqual([[4], [5, 6]]);
  expect(asked).toEqual([3, 3]);
  const failing = await Promise.allSettled([answer(99), answer(7)]);
  expect(failing.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await answer(8)).toEqual([8]);
  await searches.idle();
});

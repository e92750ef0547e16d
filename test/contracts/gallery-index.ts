import { afterEach, describe, expect, it } from 'vitest';
import type { GalleryIndex, Member } from '../../server/identities/gallery-index.js';
import { nearestMembers } from '../../server/identities/gallery/loop-index.js';
import { drawPeople, randomly } from '../fixtures/drawn-embeddings.js';

export interface IndexUnderTest {
  name: string;
  open: (length: number) => Promise<GalleryIndex>;
  /** Resolves once it searches in the way that is tested. */
  settled?: (index: GalleryIndex) => Promise<void>;
}

/** The suite that every gallery index passes: what the loop finds, to the last bit. */
export function galleryIndexContract({
  name,
  open,
  settled = () => Promise.resolve(),
}: IndexUnderTest): void {
  describe(`gallery index: ${name}`, () => {
    const opened: GalleryIndex[] = [];
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((index) => index.close()));
    });
    const start = async (length: number, put: readonly Member[] = []): Promise<GalleryIndex> => {
      const index = await open(length);
      opened.push(index);
      if (put.length > 0) await index.update({ put, remove: [] });
      await settled(index);
      return index;
    };
    const expectExact = async (
      index: GalleryIndex,
      members: Iterable<Member>,
      probes: Float32Array[],
      k = 5,
    ) => {
      const together = Float32Array.from(probes.flatMap((probe) => [...probe]));
      const known = [...members];
      expect(await index.search(together, k)).toEqual(probes.map((probe) => nearestMembers(known, probe, k)));
    };

    it('finds nobody while it is empty', async () => {
      const index = await start(128);
      expect(await index.search(new Float32Array(256), 5)).toEqual([[], []]);
      expect(await index.search(new Float32Array(), 5)).toEqual([]);
      expect(index.samples).toBe(0);
      expect(index.description).not.toBe('');
    });

    it.each([
      [128, 3_000],
      [512, 400],
      [1024, 200],
    ])(
      'finds exactly what comparing one by one finds, with embeddings of %i numbers',
      async (length, count) => {
        const { members, probes } = crowd(length, count, 11);
        const index = await start(length, members);
        expect(index.samples).toBe(members.reduce((sum, { embeddings }) => sum + embeddings.length, 0));
        await expectExact(index, members, probes);
      },
    );

    it('answers more probes than fit one product, and one alone', async () => {
      const { members, draw } = crowd(128, 500, 12);
      const index = await start(128, members);
      await expectExact(index, members, Array.from({ length: 37 }, draw));
      await expectExact(index, members, [draw()]);
    });

    it('keeps to it while people come, change and go', { timeout: 120_000 }, async () => {
      const random = randomly(13);
      const people = drawPeople(128, 13);
      const index = await start(128);
      const members = new Map<string, Member>();
      for (let round = 0; round < 40; round += 1) {
        const put = Array.from({ length: Math.floor(random() * 40) }, () => {
          const id = `p${Math.floor(random() * 400)}`;
          const person = people.person();
          return {
            id,
            name: id,
            embeddings: Array.from({ length: 1 + Math.floor(random() * 4) }, person.photo),
          };
        });
        const unique = [...new Map(put.map((member) => [member.id, member])).values()];
        const remove = [...members.keys()].filter(
          (id) => random() < 0.1 && !unique.some((one) => one.id === id),
        );
        await index.update({ put: unique, remove: [...remove, 'nobody'] });
        for (const id of remove) members.delete(id);
        for (const member of unique) members.set(member.id, member);
        const known = [...members.values()];
        const probes = Array.from({ length: 4 }, () => people.person().photo());
        if (known.length > 0) probes.push(known[Math.floor(random() * known.length)].embeddings[0]);
        await expectExact(index, known, probes);
      }
      await settled(index);
      await expectExact(
        index,
        members.values(),
        Array.from({ length: 8 }, () => people.person().photo()),
      );
      expect(index.samples).toBe([...members.values()].reduce((sum, one) => sum + one.embeddings.length, 0));
      await index.update({ put: [], remove: [...members.keys()] });
      expect(await index.search(people.person().photo(), 5)).toEqual([[]]);
    });

    it('folds many samples into one person each, however many lie nearest', async () => {
      const people = drawPeople(128, 14);
      const star = people.person();
      const crowded: Member = {
        id: 'star',
        name: 'Star',
        embeddings: Array.from({ length: 900 }, star.photo),
      };
      const others = crowd(128, 300, 15).members;
      const index = await start(128, [crowded, ...others]);
      await expectExact(index, [crowded, ...others], [star.photo(), star.photo(), people.person().photo()]);
    });

    it('says the exact distance of near-equal embeddings, and of equal ones nought', async () => {
      const { members } = crowd(128, 200, 16);
      const [sample] = members[0].embeddings;
      const near = sample.map((x, i) => (i === 0 ? x + 1e-6 : x));
      const index = await start(128, [...members, { id: 'twin', name: 'Twin', embeddings: [near] }]);
      const [[first, second]] = await index.search(sample, 2);
      expect(first).toMatchObject({ person: { id: members[0].id }, distance: 0 });
      expect(second.person.id).toBe('twin');
      expect(second.distance).toBe(Math.sqrt((near[0] - sample[0]) ** 2));
    });

    it('names the one whose id comes first of two equally near, in whatever order they came', async () => {
      const { members, draw } = crowd(128, 100, 17);
      const embeddings = [draw()];
      const twins = ['m', 'z', 'a'].map((id) => ({ id, name: id, embeddings }));
      const index = await start(128, [...twins.slice(0, 2), ...members, twins[2]]);
      expect((await index.search(embeddings[0], 2))[0].map(({ person }) => person.id)).toEqual(['a', 'm']);
    });

    it('keeps to it where one sample is far larger than all others, and for a probe that is', async () => {
      const { members, draw } = crowd(128, 300, 18);
      const giant = { id: 'giant', name: 'Giant', embeddings: [new Float32Array(128).fill(1e6)] };
      const index = await start(128, [...members.slice(0, 150), giant, ...members.slice(150)]);
      await expectExact(
        index,
        [...members, giant],
        [draw(), new Float32Array(128).fill(-50), new Float32Array(128)],
      );
    });

    it('finds nobody for a probe with a number that is none, and the others all the same', async () => {
      const { members, draw } = crowd(128, 100, 19);
      const index = await start(128, members);
      const broken = draw();
      broken[77] = NaN;
      await expectExact(index, members, [draw(), broken, draw()]);
    });

    it('sees every person whole or not at all while they change', async () => {
      const { members, draw } = crowd(128, 1_000, 20);
      const index = await start(128, members);
      const probe = draw();
      const far = probe.map((x) => x + 1);
      // In every state exactly one sample of the two is at the probe: half a change would show none, or a wrong one.
      const states = [
        [probe, far],
        [far, probe],
      ];
      await index.update({ put: [{ id: 'ada', name: 'Ada', embeddings: states[0] }], remove: [] });
      const changes: Promise<void>[] = [];
      const searches: ReturnType<GalleryIndex['search']>[] = [];
      for (let round = 0; round < 40; round += 1) {
        changes.push(
          index.update({ put: [{ id: 'ada', name: 'Ada', embeddings: states[round % 2] }], remove: [] }),
        );
        searches.push(index.search(probe, 1));
      }
      await Promise.all(changes);
      for (const [[nearest]] of await Promise.all(searches))
        expect(nearest).toEqual({ person: { id: 'ada', name: 'Ada' }, distance: 0 });
    });

    it('refuses embeddings that cannot be compared, and is as it was', async () => {
      const { members, draw } = crowd(128, 50, 21);
      const index = await start(128, members);
      for (const wrong of [new Float32Array(64), new Float32Array(128).fill(Infinity)]) {
        const put = [
          { id: 'new', name: 'New', embeddings: [draw()] },
          { id: 'wrong', name: 'Wrong', embeddings: [wrong] },
        ];
        await expect(index.update({ put, remove: [members[0].id] })).rejects.toMatchObject({
          code: 'EMBEDDING_INVALID',
        });
      }
      await expect(index.search(new Float32Array(100), 5)).rejects.toMatchObject({
        code: 'EMBEDDING_INVALID',
      });
      await expectExact(index, members, [draw(), members[0].embeddings[0]]);
    });
  });
}

interface Crowd {
  members: Member[];
  photos: Float32Array[];
}

/** Drawn once for all indexes that are held against them. */
const crowds = new Map<string, Crowd>();

/** People with one to three samples each, and probes: photos of some of them and of strangers. */
function crowd(length: number, count: number, seed: number) {
  const key = `${length} ${count} ${seed}`;
  const { members, photos } = crowds.get(key) ?? drawCrowd(length, count, seed);
  crowds.set(key, { members, photos });
  const [probes, others] = [photos.slice(0, 20), photos.slice(20)];
  const draw = () => others.shift()!.slice();
  return { members, draw, probes };
}

function drawCrowd(length: number, count: number, seed: number): Crowd {
  const random = randomly(seed);
  const people = drawPeople(length, seed);
  const drawn = Array.from({ length: count }, () => people.person());
  const members = drawn.map((person, n): Member => {
    const photos = 1 + Math.floor(random() * 3);
    return { id: `p${n}`, name: `P ${n}`, embeddings: Array.from({ length: photos }, person.photo) };
  });
  const draw = () => (random() < 0.5 ? drawn[Math.floor(random() * count)] : people.person()).photo();
  return { members, photos: Array.from({ length: 64 }, draw) };
}

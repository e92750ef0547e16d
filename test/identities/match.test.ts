import { describe, expect, it } from 'vitest';
import type { GalleryUpdate } from '../../server/identities/gallery-index.js';
import { loopIndex, nearestMembers } from '../../server/identities/gallery/loop-index.js';
import { Gallery, type GalleryOptions } from '../../server/identities/gallery.js';
import type { EnrolledPerson } from '../../server/identities/person.js';
import { drawPeople } from '../fixtures/drawn-embeddings.js';

const LENGTH = 128;
/** An embedding that lies `distance` away from nought. */
const at = (distance: number, length = LENGTH) =>
  Float32Array.from({ length }, (_, i) => (i === 3 ? distance : 0));
const origin = new Float32Array(LENGTH);

function person(id: string, embeddings: Float32Array[], network = 'net'): EnrolledPerson {
  const samples = embeddings.map((embedding, n) => ({
    photo: `${id}.${n}.jpg`,
    sha256: '',
    network,
    embedding,
    enrolledAt: '',
  }));
  return { id, name: id, samples };
}

/** A gallery that follows people, and every update that its index was told. */
function galleryOf(options: Partial<GalleryOptions> = {}) {
  const updates: { put: string[]; remove: readonly string[] }[] = [];
  const gallery = new Gallery({
    network: 'net',
    openIndex(length) {
      const index = loopIndex(length);
      const tell = ({ put, remove }: GalleryUpdate) => updates.push({ put: put.map(({ id }) => id), remove });
      const update = (change: GalleryUpdate) => {
        tell(change);
        return index.update(change);
      };
      return Object.create(index, { update: { value: update } }) as typeof index;
    },
    ...options,
  });
  const match = async (probe: Float32Array, threshold: number) =>
    (await gallery.match([probe], threshold))[0];
  return { gallery, updates, match };
}

describe('the gallery', () => {
  it('knows nobody while nobody is enrolled', async () => {
    const { gallery, match } = galleryOf();
    await gallery.follow([]);
    expect(await match(origin, 0.6)).toEqual({
      person: null,
      distance: null,
      threshold: 0.6,
      candidates: [],
      margin: null,
    });
  });

  it('takes the nearest photo of the nearest person, at the threshold too', async () => {
    const { gallery, match } = galleryOf();
    await gallery.follow([person('ada', [at(0.9), at(0.5)]), person('bo', [at(0.75)])]);
    const found = await match(origin, 0.5);
    expect(found.person).toEqual({ id: 'ada', name: 'ada' });
    expect(found.distance).toBeCloseTo(0.5, 6);
    expect(found.margin).toBeCloseTo(0.25, 6);
    expect(found.candidates.map(({ person: { id } }) => id)).toEqual(['ada', 'bo']);
  });

  it('names nobody above the threshold, and still says who was near', async () => {
    const { gallery, match } = galleryOf();
    await gallery.follow([person('ada', [at(0.625)])]);
    const found = await match(origin, 0.6);
    expect(found).toMatchObject({ person: null, distance: 0.625, margin: null });
    expect(found.candidates).toHaveLength(1);
  });

  it('answers a probe each, in order', async () => {
    const { gallery } = galleryOf();
    await gallery.follow([person('ada', [at(0)]), person('bo', [at(1)])]);
    const found = await gallery.match([at(0.1), at(0.9), at(0.2)], 0.6);
    expect(found.map((match) => match.person?.id)).toEqual(['ada', 'bo', 'ada']);
    expect(await gallery.match([], 0.6)).toEqual([]);
  });

  it('never compares with the photos of another network', async () => {
    const { gallery, match } = galleryOf();
    await gallery.follow([person('ada', [at(0)], 'other'), person('bo', [at(0.5)])]);
    expect((await match(origin, 0.6)).candidates.map(({ person: { id } }) => id)).toEqual(['bo']);
  });

  it('tells the index only who is different', async () => {
    const { gallery, updates } = galleryOf();
    const [ada, bo, cy] = ['ada', 'bo', 'cy'].map((id, n) => person(id, [at(n)]));
    await gallery.follow([ada, bo]);
    await gallery.follow([ada, bo]);
    await gallery.follow([ada, cy]);
    await gallery.follow([{ ...ada, name: 'Ada Lovelace' }, cy]);
    await gallery.follow([{ ...ada, samples: [...ada.samples, ...bo.samples] }, cy]);
    expect(updates).toEqual([
      { put: ['ada', 'bo'], remove: [] },
      { put: ['cy'], remove: ['bo'] },
      { put: ['ada'], remove: [] },
      { put: ['ada'], remove: [] },
    ]);
    expect(gallery.samples).toBe(3);
  });

  it.each([128, 512, 1024])('compares embeddings of %i numbers', async (length) => {
    const { gallery, match } = galleryOf();
    await gallery.follow([person('ada', [at(0.5, length)])]);
    expect((await match(new Float32Array(length), 0.6)).person?.id).toBe('ada');
  });

  it('leaves out, and tells of, samples that cannot be compared with the others', async () => {
    const { gallery, match } = galleryOf();
    const people = [person('ada', [at(0.5), at(0.1, 4)]), person('bo', [at(NaN)]), person('cy', [at(0.75)])];
    const problems = await gallery.follow(people);
    expect(problems.map(({ photo, code }) => [photo, code])).toEqual([
      ['ada.1.jpg', 'EMBEDDING_INVALID'],
      ['bo.0.jpg', 'EMBEDDING_INVALID'],
    ]);
    expect((await match(origin, 0.6)).candidates.map(({ person: { id } }) => id)).toEqual(['ada', 'cy']);
  });

  it('goes by the length that the network is known to have, however many samples have another', async () => {
    const { gallery } = galleryOf({ embeddingLength: 8 });
    expect(await gallery.follow([person('ada', [at(1), at(1)]), person('bo', [at(0.5, 8)])])).toHaveLength(2);
    expect((await gallery.match([new Float32Array(8)], 0.6))[0].person?.id).toBe('bo');
  });

  it('begins anew where a network of another length replaced every sample', async () => {
    const { gallery } = galleryOf();
    await gallery.follow([person('ada', [at(0)])]);
    await gallery.follow([person('ada', [at(0, 512)])]);
    expect((await gallery.match([new Float32Array(512)], 0.6))[0].person?.id).toBe('ada');
  });

  it('refuses a probe of another length, and matches nothing with one that is no number', async () => {
    const { gallery, match } = galleryOf();
    await gallery.follow([person('ada', [at(0)])]);
    await expect(match(new Float32Array(512), 0.6)).rejects.toMatchObject({ code: 'EMBEDDING_INVALID' });
    expect(await match(at(NaN), 0.6)).toMatchObject({ person: null, distance: null });
  });

  it('puts samples and probes through the transform, whatever length that makes of them', async () => {
    const { gallery, match } = galleryOf({
      transform: (embedding) => embedding.slice(0, 4).map((x) => x * 2),
    });
    await gallery.follow([person('ada', [at(0.25)])]);
    expect(await match(origin, 0.6)).toMatchObject({ person: { id: 'ada' }, distance: 0.5 });
  });
});

it('compares with everything: the nearest people are those of a sorted list of all distances', () => {
  const people = drawPeople(LENGTH, 5);
  const members = Array.from({ length: 300 }, (_, n) => {
    const { photo } = people.person();
    return { id: `p${n}`, name: `P ${n}`, embeddings: Array.from({ length: 1 + (n % 4) }, photo) };
  });
  for (let round = 0; round < 50; round += 1) {
    const probe = people.person().photo();
    const all = members
      .map(({ id, embeddings }) => ({
        id,
        distance: Math.min(...embeddings.map((one) => Math.hypot(...one.map((x, i) => x - probe[i])))),
      }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, 5);
    const found = nearestMembers(members, probe, 5);
    expect(found.map(({ person: { id } }) => id)).toEqual(all.map(({ id }) => id));
    found.forEach(({ distance }, i) => expect(distance).toBeCloseTo(all[i].distance, 5));
  }
});

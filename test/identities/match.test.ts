import { describe, expect, it } from 'vitest';
import { EMBEDDING_LENGTH } from '../../server/faces/face.js';
import { buildGallery } from '../../server/identities/gallery.js';
import { match } from '../../server/identities/match.js';
import type { EnrolledPerson } from '../../server/identities/person.js';

/** An embedding that lies `distance` away from nought. */
const at = (distance: number) =>
  Float32Array.from({ length: EMBEDDING_LENGTH }, (_, i) => (i === 3 ? distance : 0));
const origin = new Float32Array(EMBEDDING_LENGTH);

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

/** Numbers that look random and are the same in every run (Lehmer's generator). */
function randomly(seed: number) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

describe('match', () => {
  it('knows nobody in an empty gallery', () => {
    expect(match(buildGallery([], 'net'), origin, 0.6)).toEqual({
      person: null,
      distance: null,
      threshold: 0.6,
      candidates: [],
      margin: null,
    });
  });

  it('takes the nearest photo of the nearest person, at the threshold too', () => {
    const gallery = buildGallery([person('ada', [at(0.9), at(0.5)]), person('bo', [at(0.75)])], 'net');
    const found = match(gallery, origin, 0.5);
    expect(found.person).toEqual({ id: 'ada', name: 'ada' });
    expect(found.distance).toBeCloseTo(0.5, 6);
    expect(found.margin).toBeCloseTo(0.25, 6);
    expect(found.candidates.map(({ person: { id } }) => id)).toEqual(['ada', 'bo']);
  });

  it('names nobody above the threshold, and still says who was near', () => {
    const found = match(buildGallery([person('ada', [at(0.625)])], 'net'), origin, 0.6);
    expect(found).toMatchObject({ person: null, distance: 0.625, margin: null });
    expect(found.candidates).toHaveLength(1);
  });

  it('never compares with the photos of another network', () => {
    const gallery = buildGallery([person('ada', [at(0)], 'other'), person('bo', [at(0.5)])], 'net');
    expect(match(gallery, origin, 0.6).candidates.map(({ person: { id } }) => id)).toEqual(['bo']);
  });

  it('finds exactly what comparing everything finds', () => {
    const random = randomly(7);
    const some = () => Float32Array.from({ length: EMBEDDING_LENGTH }, () => random() - 0.5);
    const people = Array.from({ length: 300 }, (_, n) =>
      person(`p${n}`, Array.from({ length: 1 + (n % 4) }, some)),
    );
    const gallery = buildGallery(people, 'net');
    for (let round = 0; round < 50; round += 1) {
      const probe = some();
      const all = people
        .map(({ id, samples }) => ({
          id,
          distance: Math.min(...samples.map((s) => Math.hypot(...s.embedding.map((x, i) => x - probe[i])))),
        }))
        .sort((a, b) => a.distance - b.distance)
        .slice(0, 5);
      const found = match(gallery, probe, 0.6);
      expect(found.candidates.map(({ person: { id } }) => id)).toEqual(all.map(({ id }) => id));
      found.candidates.forEach(({ distance }, i) => expect(distance).toBeCloseTo(all[i].distance, 5));
    }
  });

  it('refuses embeddings of another length, and matches nothing with one that is no number', () => {
    const gallery = buildGallery([person('ada', [at(0)])], 'net');
    expect(() => match(gallery, new Float32Array(512), 0.6)).toThrow(RangeError);
    expect(() => buildGallery([person('ada', [new Float32Array(4)])], 'net')).toThrow(RangeError);
    expect(match(gallery, at(NaN), 0.6)).toMatchObject({ person: null, distance: null });
  });
});

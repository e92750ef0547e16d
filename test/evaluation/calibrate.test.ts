import { describe, expect, it } from 'vitest';
import { calibrate, type Calibration } from '../../server/evaluation/calibrate.js';
import type { GalleryPerson } from '../../server/evaluation/compare-gallery.js';
import { embeddingAt, peopleAround } from './people-around.js';

const standard = { wantedFar: 0.001, defaultThreshold: 0.54 };
const judged = (
  people: GalleryPerson[],
  options: Partial<Parameters<typeof calibrate>[1]> = {},
): Calibration => calibrate(people, { ...standard, ...options }).calibration;
const person = (id: string, ...places: number[][]): GalleryPerson => ({
  id,
  name: id.toUpperCase(),
  samples: places.map((place, photo) => ({ photo: `${id}/${photo}.jpg`, embedding: embeddingAt(...place) })),
});

describe('what is compared', () => {
  // Ada's photos lie at 0 and 0.3, Bo's at 1 and 1.2, Cy's only one at 3.
  const people = [person('ada', [0], [0.3]), person('bo', [1], [1.2]), person('cy', [3])];

  it('each photo with every other person and its own other photos, by the nearest', () => {
    const { scores, calibration } = calibrate(people, standard);
    const rounded = (distances: Float64Array) =>
      [...distances].map((distance) => Number(distance.toFixed(3)));
    expect(rounded(scores.genuine)).toEqual([0.2, 0.2, 0.3, 0.3]);
    // Ada's photos to Bo 1 and 0.7, to Cy 3 and 2.7; Bo's to Ada 0.7 and 0.9, to Cy 2 and 1.8; Cy's to Ada 2.7, to Bo 1.8.
    expect(rounded(scores.impostor)).toEqual([0.7, 0.7, 0.9, 1, 1.8, 1.8, 2, 2.7, 2.7, 3]);
    expect(calibration).toMatchObject({
      people: 3,
      photos: 5,
      peopleWithSeveral: 2,
      genuine: 4,
      impostor: 10,
    });
    expect(calibration.atDefault.measuredFpir).toMatchObject({ count: 0, of: 5 });
  });

  it('the nearest pair of people comes first, with the photos that make it', () => {
    const [first, ...others] = judged(people).lookAlikes;
    expect(first.distance).toBeCloseTo(0.7, 6);
    expect(first.people.map(({ photo }) => photo).sort()).toEqual(['ada/1.jpg', 'bo/0.jpg']);
    expect(first.suspect).toBe(false);
    expect(others.map(({ people: [one, other] }) => [one.id, other.id].sort().join())).toEqual([
      'bo,cy',
      'ada,cy',
    ]);
  });

  it('visits are probes of somebody, strangers are nobody of the gallery', () => {
    const visits = [
      { visit: 'v1', person: 'cy', embedding: embeddingAt(2.9) },
      { visit: 'v2', person: null, embedding: embeddingAt(1.1) },
    ];
    const { scores, calibration } = calibrate(people, { ...standard, visits });
    expect(calibration).toMatchObject({ visits: { known: 1, strangers: 1 }, genuine: 5, impostor: 15 });
    expect(scores.impostor[0]).toBeCloseTo(0.1, 6);
    expect(scores.genuine[0]).toBeCloseTo(0.1, 6);
    // The stranger would have been given Bo's name.
    expect(calibration.atDefault.measuredFpir).toMatchObject({ count: 1, of: 7 });
    expect(calibration.suggestion).toMatchObject({ choice: 'stricter' });
    expect(calibration.suggestion.threshold).toBeLessThan(0.1);
  });
});

describe('photos that hurt', () => {
  it('are told with the reason, the worst first', () => {
    const people = [
      // The second is Bo; the third matches none of Ada's others.
      person('ada', [0], [2.05], [0, 0.7]),
      person('bo', [2], [2, 0.3]),
      // Cy and Dee look alike.
      person('cy', [5]),
      person('dee', [5.5]),
      // One picture saved twice.
      person('eve', [9], [9.01]),
    ];
    const photos = judged(people).hurtfulPhotos;
    const reason = (photo: string) => photos.find((each) => each.photo === photo)?.reason;
    expect(photos[0]).toMatchObject({
      photo: 'ada/1.jpg',
      reason: 'nearer-to-another',
      other: { id: 'bo', photo: 'bo/0.jpg' },
    });
    expect(photos[0].own).toBeCloseTo(2.05, 5);
    expect(photos[0].other?.distance).toBeCloseTo(0.05, 5);
    expect(reason('eve/0.jpg')).toBe('copy');
    expect(reason('ada/2.jpg')).toBe('unlike-own');
    expect(reason('bo/1.jpg')).toBeDefined();
    for (const { remedy } of photos) expect(remedy).toMatch(/^[A-Z].*\.$/);
    // What looks alike is told at the threshold that is suggested.
    const lax = calibrate(people, { wantedFar: 0.5, defaultThreshold: 0.54 }).calibration.hurtfulPhotos;
    expect(lax.find((each) => each.photo === 'cy/0.jpg')?.reason).toBe('looks-like-another');
  });

  it('a sound gallery has none', () => {
    expect(judged(peopleAround(12, 3)).hurtfulPhotos).toEqual([]);
  });
});

describe('the suggested threshold', () => {
  it('with one photo a person nothing is known of the genuine, and the default stays', () => {
    const calibration = judged(peopleAround(10, 1, { apart: 1.2 }));
    expect(calibration).toMatchObject({ genuine: 0, peopleWithSeveral: 0, equalError: null });
    expect(calibration.suggestion).toMatchObject({
      threshold: 0.54,
      choice: 'default',
      resolved: false,
      proven: false,
      frr: null,
      impostorsNeeded: 1000,
    });
  });

  it('is never laxer without genuine comparisons, however far apart everybody is', () => {
    for (const count of [10, 80, 200])
      expect(judged(peopleAround(count, 1, { apart: 1.5 })).suggestion.threshold).toBe(0.54);
  });

  it('is stricter as soon as more people match each other than wanted', () => {
    const { suggestion, atDefault } = judged(peopleAround(60, 2, { apart: 0.6, within: 0.2 }));
    expect(atDefault.far!.rate).toBeGreaterThan(0.001);
    expect(suggestion.choice).toBe('stricter');
    expect(suggestion.threshold).toBeLessThan(0.54);
    expect(suggestion.far!.rate).toBeLessThanOrEqual(0.001);
  });

  it('is laxer where many people prove that it is safe and that it helps', () => {
    const people = peopleAround(150, 3, { apart: 1.3, within: 0.6 });
    const { suggestion, atDefault } = judged(people);
    expect(suggestion.choice).toBe('laxer');
    expect(suggestion.threshold).toBeGreaterThan(0.54);
    expect(suggestion.proven).toBe(true);
    expect(suggestion.far!.high).toBeLessThanOrEqual(0.001);
    expect(suggestion.frr!.rate).toBeLessThan(atDefault.frr!.rate);
    // The same with few people proves nothing of the kind.
    expect(judged(people.slice(0, 9)).suggestion.choice).toBe('default');
  });

  it('one person under two names is pointed out and does not spoil it', () => {
    const people = peopleAround(40, 2, { apart: 1 });
    const twice = { ...people[0], id: 'again', name: 'Again' };
    const { suggestion, lookAlikes, suspectComparisons } = judged([...people, twice]);
    expect(lookAlikes[0]).toMatchObject({ suspect: true, distance: 0 });
    expect(suspectComparisons).toBe(4);
    expect(suggestion.threshold).toBeGreaterThan(0.5);
  });

  it('a stranger meets everybody: the rate of names grows with the gallery', () => {
    const { suggestion } = judged(peopleAround(60, 2, { apart: 0.6, within: 0.2 }), { wantedFar: 0.01 });
    const { rate, high } = suggestion.expectedFpir!;
    expect(rate).toBeCloseTo(1 - (1 - suggestion.far!.rate) ** 60, 10);
    expect(high).toBeGreaterThan(rate);
  });

  it('a very large gallery is judged by an even part of it', () => {
    const calibration = judged(peopleAround(800, 1));
    expect(calibration.people).toBe(800);
    expect(calibration.peopleLeftOut).toBeGreaterThan(150);
    expect(calibration.impostor).toBeLessThanOrEqual(400_000);
    expect(calibration.impostor).toBeGreaterThan(390_000);
  });
});

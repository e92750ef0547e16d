import { beforeAll, describe, expect, it } from 'vitest';
import { addComparisons, noComparisons, type Comparisons } from '../../server/training/compare.js';
import { decide } from '../../server/training/decide.js';
import type { TrainingFaces } from '../../server/training/faces.js';
import { keepScale, scaleBetween } from '../../server/training/keep-scale.js';
import { learnAdaptation } from '../../server/training/learn-adaptation.js';
import { openTensorflow } from '../../server/training/open-tensorflow.js';
import { splitFaces } from '../../server/training/split-faces.js';
import { ratesAtFar, type RatesAtFar } from '../../server/training/weigh-rates.js';
import { madeFaces } from './made-faces.js';

describe('folds', () => {
  // Ten people with 1 to 5 photos, and two faces of somebody unknown.
  const people = Int32Array.from([
    ...Array.from({ length: 10 }, (_, person) => Array<number>((person % 5) + 1).fill(person)).flat(),
    -1,
    -2,
  ]);
  const splits = splitFaces(people, 5, 1);
  const owners = (rows: number[]) => new Set(rows.map((row) => people[row]));

  it('use every face once, in one part', () => {
    for (const { enrolled, probes, strangers } of splits)
      expect([...enrolled, ...probes, ...strangers].sort((a, b) => a - b)).toEqual([...people.keys()]);
  });

  it('learn nothing of strangers, and everybody is one once', () => {
    for (const { enrolled, probes, strangers } of splits)
      for (const person of owners(strangers))
        expect(owners([...enrolled, ...probes]).has(person), `${person}`).toBe(false);
    const times = splits.flatMap(({ strangers }) => strangers);
    expect(times.sort((a, b) => a - b)).toEqual([...people.keys()]);
  });

  it('have as probes other photos of people who are enrolled, each at most once', () => {
    for (const { enrolled, probes } of splits)
      for (const person of owners(probes)) expect(owners(enrolled).has(person), `${person}`).toBe(true);
    const probes = splits.flatMap((split) => split.probes);
    expect(new Set(probes).size).toBe(probes.length);
    expect(probes.length).toBeGreaterThan(15);
  });

  it('are the same for the same seed', () => {
    expect(splitFaces(people, 5, 1)).toEqual(splits);
    expect(splitFaces(people, 5, 2)).not.toEqual(splits);
  });
});

/** Comparisons of people in pairs: person 2i with 2i + 1, or with themselves. */
function comparisons(before: number[], after: number[], kind: 'genuine' | 'impostor'): Comparisons {
  const one = before.map((_, i) => i * 2);
  return { before, after, one, other: kind === 'genuine' ? one : one.map((person) => person + 1) };
}

describe('FRR at one FAR', () => {
  const ramp = Array.from({ length: 1000 }, (_, i) => 0.5 + i / 1000);

  it('is counted at the threshold that each space has for it', () => {
    // FAR 1 % of 1000: the eleventh impostor, at 0.51, must not be accepted. After: at 1.02.
    const genuine = comparisons([0.2, 0.4, 0.505, 0.51, 0.9], [0.2, 0.4, 0.5, 0.51, 1.03], 'genuine');
    const impostor = comparisons(
      ramp,
      ramp.map((distance) => distance * 2),
      'impostor',
    );
    const rates = ratesAtFar(genuine, impostor, 0.01, 1)!;
    expect(rates.far).toBe(0.01);
    expect(rates.before.value).toBeCloseTo(2 / 5, 9);
    expect(rates.after.value).toBeCloseTo(1 / 5, 9);
    expect(rates.gain.value).toBeCloseTo(1 / 5, 9);
    expect([rates.genuine, rates.impostor]).toEqual([5, 1000]);
  });

  it('is measured at a FAR that so few comparisons can show', () => {
    const genuine = comparisons([0.2], [0.2], 'genuine');
    const few = ramp.slice(0, 100);
    expect(ratesAtFar(genuine, comparisons(few, few, 'impostor'), 0.001, 1)!.far).toBe(0.05);
    expect(ratesAtFar(genuine, comparisons([0.6], [0.6], 'impostor'), 0.001, 1)!.far).toBe(1);
    expect(ratesAtFar(genuine, noComparisons(), 0.001, 1)).toBeNull();
    expect(ratesAtFar(noComparisons(), genuine, 0.001, 1)).toBeNull();
  });

  it('has bounds that tell a gain from noise', () => {
    // Of 200 people 40 are missed before; after it 10 are, or 40 others.
    const before = Array.from({ length: 200 }, (_, i) => (i % 5 === 0 ? 2 : 0.2));
    const better = Array.from({ length: 200 }, (_, i) => (i % 20 === 0 ? 2 : 0.2));
    const others = Array.from({ length: 200 }, (_, i) => (i % 5 === 1 ? 2 : 0.2));
    const impostor = comparisons(ramp, ramp, 'impostor');
    const gained = ratesAtFar(comparisons(before, better, 'genuine'), impostor, 0.01, 1)!.gain;
    expect(gained.value).toBeCloseTo(0.15, 9);
    expect(gained.low).toBeGreaterThan(0.09);
    expect(gained.high).toBeLessThan(0.22);
    const none = ratesAtFar(comparisons(before, others, 'genuine'), impostor, 0.01, 1)!.gain;
    expect(none.value).toBe(0);
    expect(none.low).toBeLessThan(-0.04);
    expect(none.high).toBeGreaterThan(0.04);
  });

  it('takes all comparisons of one person as one proof', () => {
    // A hundred comparisons gain, but they are all of one of ten people.
    const one = Array.from({ length: 1000 }, (_, i) => Math.floor(i / 100) * 2);
    const before = one.map((person) => (person === 0 ? 2 : 0.2));
    const genuine = { before, after: before.map(() => 0.2), one, other: one };
    const { gain } = ratesAtFar(genuine, comparisons(ramp, ramp, 'impostor'), 0.01, 1)!;
    expect(gain.value).toBeCloseTo(0.1, 9);
    expect(gain.low).toBe(0);
  });
});

describe('the scale', () => {
  it('is that at which the threshold lets as many pass as before', () => {
    const before = Array.from({ length: 100 }, (_, i) => (i + 1) / 100);
    const after = before.map((distance) => distance ** 2 * 3).reverse();
    const scale = scaleBetween(before, after, 0.4);
    expect(after.filter((distance) => distance * scale <= 0.4 + 1e-9)).toHaveLength(40);
    // Only two pass 0.02: the tenth is looked at.
    expect(scaleBetween(before, after, 0.02)).toBeCloseTo(0.1 / (0.01 * 3), 9);
    expect(scaleBetween([0.5], [0.25], 0.4)).toBe(2);
  });

  it('undoes a projection that only scales', () => {
    const faces = madeFaces({ people: 6, photos: 2, nuisance: 0.2 });
    const doubled = Float32Array.from({ length: 256 }, (_, i) => (i % 17 === 0 ? 2 : 0));
    const kept = keepScale(faces, doubled);
    expect(kept[0]).toBeCloseTo(1, 5);
    expect(kept[1]).toBe(0);
  });
});

it('two faces of somebody unknown are never compared', () => {
  const { embeddings } = madeFaces({ people: 2, photos: 2, nuisance: 0.2 });
  const faces: TrainingFaces = { embeddings, length: 16, people: Int32Array.from([0, 0, -1, -2]) };
  const both = { before: faces, after: faces };
  const two = noComparisons();
  addComparisons(two, both, both, 'two people');
  expect(two.one.map((one, i) => [one, two.other[i]])).toEqual([
    [0, -1],
    [0, -2],
    [0, -1],
    [0, -2],
  ]);
  const same = noComparisons();
  addComparisons(same, both, both, 'same person');
  expect([same.one, same.other]).toEqual([[0], [0]]);
});

describe('the decision', () => {
  const rates = (before: number, gain: number, low: number, high: number): RatesAtFar => ({
    far: 0.001,
    before: { value: before, low: 0, high: 1 },
    after: { value: before - gain, low: 0, high: 1 },
    gain: { value: gain, low, high },
    genuine: 100,
    impostor: 1000,
  });
  const good = rates(0.05, 0.02, 0.01, 0.03);

  it.each([
    ['a gain beyond noise', good, null, true],
    ['the same where others lose nothing', good, rates(0.05, -0.002, -0.02, 0.01), true],
    ['nothing to gain', rates(0, 0, 0, 0), null, false],
    ['a gain within noise', rates(0.05, 0.02, 0, 0.03), null, false],
    ['a loss', rates(0.05, -0.02, -0.03, -0.01), null, false],
    ['others who lose beyond noise', good, rates(0.05, -0.004, -0.01, -0.001), false],
    ['others who lose more than a hundredth', good, rates(0.05, -0.02, -0.05, 0.01), false],
  ])('on %s', (_, known, unseen, adopted) => {
    expect(decide({ known, unseen }).adopted).toBe(adopted);
  });
});

describe('learning from a gallery', () => {
  beforeAll(openTensorflow);
  const options = { far: 0.01, threshold: 0.5, seed: 1, train: { learningRate: 0.01 } };

  it('is worth it where photos differ in what says nothing about people', () => {
    const told: number[] = [];
    const learned = learnAdaptation(madeFaces({ people: 20, photos: 5, nuisance: 0.8 }), options, (part) =>
      told.push(part),
    );
    expect(decide(learned)).toMatchObject({ adopted: true });
    expect(learned.known.after.value).toBeLessThan(learned.known.before.value / 2);
    expect(learned.unseen!.after.value).toBeLessThan(learned.unseen!.before.value);
    expect(learned.folds).toBe(5);
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(1);
  });

  it('is not where photos differ by chance alone', () => {
    // Both halves say the same of a person, and noise is the same everywhere: there is no direction to leave out.
    const faces = madeFaces({ people: 16, photos: 4, nuisance: 0.15 });
    const random = madeFaces({ people: 64, photos: 1, nuisance: 1 }, 9);
    const embeddings = faces.embeddings.map((value, i) => value * 0.1 + random.embeddings[i]);
    expect(decide(learnAdaptation({ ...faces, embeddings }, options)).adopted).toBe(false);
  });

  it('is the same at any scale of embeddings, whatever their length', () => {
    const faces = madeFaces({ people: 12, photos: 4, length: 192, nuisance: 3 });
    const few = { far: 0.01, seed: 1, train: { epochs: 2, learningRate: 0.01 } };
    const learned = learnAdaptation(faces, { ...few, threshold: 2 });
    const large = { ...faces, embeddings: faces.embeddings.map((value) => value * 8) };
    const learnedLarge = learnAdaptation(large, { ...few, threshold: 16 });
    expect(learned.matrix).toHaveLength(192 ** 2);
    expect(learnedLarge.matrix).toEqual(learned.matrix);
    expect(learnedLarge.known).toEqual(learned.known);
    expect(learned.known.after.value).toBeLessThan(learned.known.before.value);
  });

  it('measures people it learned nothing of only where there are ten of several photos', () => {
    const few = learnAdaptation(madeFaces({ people: 6, photos: 3, nuisance: 0.8 }), options);
    expect(few.unseen).toBeNull();
    expect(few.known.genuine).toBeGreaterThan(0);
  });
});

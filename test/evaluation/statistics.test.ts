import { describe, expect, it } from 'vitest';
import { areaUnderCurve } from '../../server/evaluation/area-under-curve.js';
import { equalError } from '../../server/evaluation/equal-error.js';
import { bestThreshold, foldAccuracy } from '../../server/evaluation/folds.js';
import { histogram } from '../../server/evaluation/histogram.js';
import { judge } from '../../server/evaluation/judge.js';
import { operatingPoint } from '../../server/evaluation/operating-point.js';
import { errorRates } from '../../server/evaluation/rates.js';
import { toScores, type ScoredPair } from '../../server/evaluation/scores.js';
import { farForIdentification, identificationRate } from '../../server/evaluation/suggest-threshold.js';
import { generatedPairs } from './generated-pairs.js';

const pairs = (genuine: number[], impostor: number[]): ScoredPair[] => [
  ...genuine.map((distance) => ({ distance, same: true })),
  ...impostor.map((distance) => ({ distance, same: false })),
];
const seeds = Array.from({ length: 40 }, (_, seed) => seed);

describe('by hand', () => {
  const scores = toScores(pairs([0.3, 0.1, 0.6, 0.2], [0.8, 0.5, 0.4, 0.7]));

  it('counts errors at a threshold, the threshold itself being a match', () => {
    const { far, frr } = errorRates(scores, 0.5);
    expect([far?.rate, far?.count, far?.of]).toEqual([0.5, 2, 4]);
    expect([frr?.rate, frr?.count, frr?.of]).toEqual([0.25, 1, 4]);
  });

  it('the area under the curve is the share of genuine distances that are nearer', () => {
    // 0.1, 0.2 and 0.3 lie below all four impostors, 0.6 below two of them.
    expect(areaUnderCurve(scores)).toBe(14 / 16);
    expect(areaUnderCurve(toScores(pairs([0.5], [0.5])))).toBe(0.5);
    expect(areaUnderCurve(toScores(pairs([0.5], [])))).toBeNull();
  });

  it('the error rates meet where one impostor and one genuine are wrong', () => {
    expect(equalError(scores)).toEqual({ rate: 0.25, threshold: 0.4 });
    // From (FAR 0, FRR 1/2) to (1, 1/2) at one step: half way, both are a half.
    expect(equalError(toScores(pairs([0.1, 0.9], [0.5])))).toEqual({ rate: 0.5, threshold: 0.5 });
    // Far apart: no error at all.
    expect(equalError(toScores(pairs([0.1, 0.2], [0.8, 0.9])))?.rate).toBe(0);
  });

  it('takes the laxest threshold that keeps to a FAR', () => {
    const point = operatingPoint(scores, 0.25);
    if (!point.resolved) throw new Error('it is resolved');
    // 0.4 may match, 0.5 must not.
    expect(point.threshold).toBeCloseTo(0.45, 12);
    expect([point.far?.rate, point.frr?.rate]).toEqual([0.25, 0.25]);
  });

  it('says that a FAR cannot be seen with so few, in place of a figure', () => {
    expect(operatingPoint(scores, 0.001)).toEqual({
      wantedFar: 0.001,
      resolved: false,
      impostors: 4,
      needed: 1000,
    });
    const thousand = toScores(
      pairs(
        [0.1],
        Array.from({ length: 1000 }, (_, n) => 0.5 + n / 1000),
      ),
    );
    expect(operatingPoint(thousand, 0.001).resolved).toBe(true);
  });

  it('chooses the middle of the widest best stretch', () => {
    // Right are all four from 0.3 up to 0.5.
    expect(bestThreshold(pairs([0.1, 0.3], [0.5, 0.9]))).toBeCloseTo(0.4, 12);
    // Nothing is ever better than to call everything different: half of the nearest distance.
    expect(bestThreshold(pairs([], [0.5, 0.9]))).toBe(0.25);
    expect(bestThreshold(pairs([0.2, 0.4], []))).toBe(0.4);
  });

  it('judges each fold with the threshold of the others', () => {
    const fold = (number: number, genuine: number, impostor: number): ScoredPair[] =>
      pairs([genuine], [impostor]).map((pair) => ({ ...pair, fold: number }));
    // Fold 0 is judged at (0.4 + 0.8) / 2 = 0.6: its genuine 0.7 is missed, its impostor 0.75 is right. Folds 1 and 2
    // are judged with 0.7 right as well (0.725, 0.75 ...): all right.
    const result = foldAccuracy([...fold(0, 0.7, 0.75), ...fold(1, 0.4, 0.8), ...fold(2, 0.3, 0.9)]);
    expect(result?.folds.map(({ accuracy }) => accuracy)).toEqual([0.5, 1, 1]);
    expect(result?.folds[0].threshold).toBeCloseTo(0.6, 12);
    expect(result?.mean).toBeCloseTo(2.5 / 3, 12);
    // s = sqrt(((1/3)^2 + 2 (1/6)^2) / 2) = 0.288675; s / sqrt(3) = 1/6.
    expect(result?.standardDeviation).toBeCloseTo(0.2886751, 6);
    expect(result?.standardError).toBeCloseTo(1 / 6, 12);
  });

  it('deals folds out with both kinds in each, and gives no accuracy where that cannot be', () => {
    const dealt = foldAccuracy(pairs([0.1, 0.2, 0.3], [0.7, 0.8, 0.9, 1]));
    expect(dealt).toMatchObject({ official: false, mean: 1 });
    expect(dealt?.folds.map(({ pairs: count }) => count)).toEqual([3, 2, 2]);
    expect(foldAccuracy(pairs([0.1], [0.7, 0.8, 0.9]))).toBeNull();
    expect(foldAccuracy([])).toBeNull();
  });

  it('a stranger meets everybody', () => {
    expect(identificationRate(0.001, 1)).toBeCloseTo(0.001, 15);
    expect(identificationRate(0.001, 50)).toBeCloseTo(1 - 0.999 ** 50, 12);
    expect(farForIdentification(identificationRate(0.001, 500), 500)).toBeCloseTo(0.001, 12);
  });
});

describe('whatever the pairs', () => {
  it.each(seeds)('FAR rises and FRR falls with the threshold, within their bounds (%i)', (seed) => {
    const scores = toScores(generatedPairs(seed));
    let before = { far: 0, frr: 1 };
    for (let threshold = 0; threshold < 1.4; threshold += 0.01) {
      const { far, frr } = errorRates(scores, threshold);
      for (const rate of [far!, frr!]) {
        expect(rate.low).toBeLessThanOrEqual(rate.rate);
        expect(rate.high).toBeGreaterThanOrEqual(rate.rate);
      }
      expect(far!.rate).toBeGreaterThanOrEqual(before.far);
      expect(frr!.rate).toBeLessThanOrEqual(before.frr);
      before = { far: far!.rate, frr: frr!.rate };
    }
  });

  it.each(seeds)('agrees with counting every pair of pairs and trying every threshold (%i)', (seed) => {
    const all = generatedPairs(seed);
    const scores = toScores(all);
    const genuine = all.filter(({ same }) => same).map(({ distance }) => distance);
    const impostor = all.filter(({ same }) => !same).map(({ distance }) => distance);

    let wins = 0;
    for (const g of genuine) for (const i of impostor) wins += g < i ? 1 : g === i ? 0.5 : 0;
    expect(areaUnderCurve(scores)).toBeCloseTo(wins / genuine.length / impostor.length, 12);

    const finite = [...new Set([...genuine, ...impostor])].filter(Number.isFinite).sort((a, b) => a - b);
    const thresholds = [0, ...finite];
    const right = (threshold: number): number =>
      all.filter(({ distance, same }) => distance <= threshold === same).length;
    expect(right(bestThreshold(all))).toBe(Math.max(...thresholds.map(right)));

    const share = (of: number[], threshold: number): number =>
      of.filter((distance) => distance <= threshold).length / of.length;
    for (const far of [0.1, 0.03]) {
      const laxest = thresholds.filter((threshold) => share(impostor, threshold) <= far).at(-1)!;
      const point = operatingPoint(scores, far);
      if (!point.resolved) throw new Error('it is resolved');
      expect(point.far!.rate).toBeCloseTo(share(impostor, laxest), 12);
      expect(point.frr!.rate).toBeCloseTo(1 - share(genuine, laxest), 12);
    }

    // The equal error rate lies between the two rates just before and at the crossing.
    const { rate, threshold } = equalError(scores)!;
    const previous = finite[finite.indexOf(threshold) - 1] ?? 0;
    const around = [previous, threshold].flatMap((at) => [share(impostor, at), 1 - share(genuine, at)]);
    expect(rate).toBeGreaterThanOrEqual(Math.min(...around) - 1e-12);
    expect(rate).toBeLessThanOrEqual(Math.max(...around) + 1e-12);
  });

  it.each(seeds)(
    'neither the order of the pairs nor a stretched distance changes what is said (%i)',
    (seed) => {
      const all = generatedPairs(seed);
      const other = [...all].reverse().map((pair) => ({ ...pair, distance: pair.distance * 4 }));
      const [one, two] = [judge(all, 0.5), judge(other, 2)];
      expect(two.auc).toBeCloseTo(one.auc!, 12);
      expect(two.equalError!.rate).toBeCloseTo(one.equalError!.rate, 12);
      expect(two.atDefault.far).toEqual(one.atDefault.far);
      expect(two.accuracy!.mean).toBeCloseTo(one.accuracy!.mean, 12);
      expect(two.missed).toEqual(one.missed);
    },
  );

  it.each(seeds)('every pair is in the histogram once (%i)', (seed) => {
    const scores = toScores(generatedPairs(seed));
    const { genuine, impostor, missed, edges } = histogram(scores, 0.9);
    const sum = (counts: number[]): number => counts.reduce((all, count) => all + count, 0);
    expect(edges).toHaveLength(genuine.length + 1);
    expect(sum(genuine) + missed.genuine).toBe(scores.genuine.length);
    expect(sum(impostor) + missed.impostor).toBe(scores.impostor.length);
  });

  it('takes no distance that is none', () => {
    expect(() => toScores(pairs([Number.NaN], []))).toThrow(RangeError);
    expect(() => toScores(pairs([-0.1], []))).toThrow(RangeError);
  });
});

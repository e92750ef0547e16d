import { describe, expect, it } from 'vitest';
import { squaredDistances, type TrainingFaces } from '../../server/training/faces.js';
import { mineTriplets } from '../../server/training/mine-triplets.js';
import { seededRandom } from '../../server/training/random.js';

/** Faces on a line: their places, and whose they are. */
function onALine(places: number[], people: number[]): TrainingFaces {
  return { embeddings: Float32Array.from(places), length: 1, people: Int32Array.from(people) };
}

function mine(faces: TrainingFaces, options: Partial<Parameters<typeof mineTriplets>[2]> = {}) {
  return mineTriplets(squaredDistances(faces, faces), faces.people, {
    alpha: 0.3,
    positivesPerAnchor: 9,
    most: 1000,
    random: seededRandom(3),
    ...options,
  });
}

const rowsOf = ({ anchors, positives, negatives }: ReturnType<typeof mine>) =>
  anchors.map((anchor, i) => [anchor, positives[i], negatives[i]]).sort((a, b) => a[0] - b[0]);

describe('semi-hard triplets', () => {
  it('take a negative further than the positive and within the margin', () => {
    // From 0 the positive is 0.01 away (squared), the negatives 0.16 (semi-hard), 1 (easy) and 0.0025 (hard).
    const faces = onALine([0, 0.1, 0.4, 1, -0.05], [0, 0, 1, 2, 3]);
    const triplets = mine(faces);
    // From 0.1: to the positive 0.01, to 0.4 0.09, to -0.05 0.0225: both are semi-hard.
    const [first, second] = rowsOf(triplets);
    expect(first).toEqual([0, 1, 2]);
    expect(second.slice(0, 2)).toEqual([1, 0]);
    expect([2, 4]).toContain(second[2]);
    expect(triplets.semiHard).toBe(2);
  });

  it('draw among several, so that epochs differ', () => {
    const faces = onALine([0, 0.1, 0.3, 0.31, 0.32], [0, 0, 1, 2, 3]);
    const drawn = new Set(
      Array.from({ length: 30 }, (_, seed) => rowsOf(mine(faces, { random: seededRandom(seed) }))[0][2]),
    );
    expect([...drawn].sort()).toEqual([2, 3, 4]);
  });

  it('fall back on the easiest of the hard ones where none is semi-hard', () => {
    // From 0 both negatives are nearer than the positive at 2.
    const triplets = mine(onALine([0, 2, 0.1, 0.5], [0, 0, 1, 2]));
    expect(rowsOf(triplets)[0]).toEqual([0, 1, 3]);
    expect(triplets.semiHard).toBe(0);
  });

  it('are none where there is nothing to learn', () => {
    expect(mine(onALine([0, 0.1, 5, 5.1], [0, 0, 1, 1])).anchors).toEqual([]);
    expect(mine(onALine([0, 0.1], [0, 1])).anchors).toEqual([]);
    expect(mine(onALine([], [])).anchors).toEqual([]);
  });

  it('have somebody whom nobody knows as a negative only', () => {
    const triplets = mine(onALine([0, 0.1, 0.3, 0.31], [0, 0, -1, -2]));
    expect(rowsOf(triplets).map(([anchor, positive]) => [anchor, positive])).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect(triplets.negatives.every((row) => row >= 2)).toBe(true);
  });

  it('are bounded, and the same for the same seed', () => {
    const random = seededRandom(1);
    const people = Array.from({ length: 60 }, (_, i) => i % 6);
    const faces = onALine(
      people.map(() => random()),
      people,
    );
    expect(mine(faces).anchors).toHaveLength(60 * 9);
    expect(mine(faces, { positivesPerAnchor: 2 }).anchors).toHaveLength(120);
    expect(mine(faces, { most: 50 }).anchors).toHaveLength(50);
    expect(mine(faces)).toEqual(mine(faces));
    const { anchors, positives, negatives } = mine(faces);
    anchors.forEach((anchor, i) => {
      expect(positives[i]).not.toBe(anchor);
      expect(people[positives[i]]).toBe(people[anchor]);
      expect(people[negatives[i]]).not.toBe(people[anchor]);
    });
  });
});

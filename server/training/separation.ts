import { relation, squaredDistances, type TrainingFaces } from './faces.js';

/**
 * How far apart the distances of one person's faces and of different people's lie: the decidability index d' (Daugman
 * 2000, "Biometric decision landscapes"), the difference of their means over the root mean square of their standard
 * deviations. No scale changes it, so projections of different scale can be compared. NaN without pairs of both kinds.
 *
 * @param probes compared with every one of `enrolled`, and not with each other
 */
export function separation(probes: TrainingFaces, enrolled: TrainingFaces): number {
  const squared = squaredDistances(probes, enrolled);
  const moments = { 'same person': new Moments(), 'two people': new Moments(), unclear: new Moments() };
  probes.people.forEach((one, row) =>
    enrolled.people.forEach((other, column) =>
      moments[relation(one, other)].add(Math.sqrt(squared[row * enrolled.people.length + column])),
    ),
  );
  const { 'same person': same, 'two people': different } = moments;
  return (different.mean - same.mean) / Math.sqrt((same.variance + different.variance) / 2);
}

class Moments {
  #count = 0;
  #sum = 0;
  #squares = 0;

  add(value: number): void {
    this.#count += 1;
    this.#sum += value;
    this.#squares += value * value;
  }

  get mean(): number {
    return this.#sum / this.#count;
  }

  get variance(): number {
    return this.#squares / this.#count - this.mean ** 2;
  }
}

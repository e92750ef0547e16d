import { countAccepted, type Scores } from './scores.js';

/**
 * Equal error rate: where FAR and FRR meet. Between two distances both stay as they are, so they rarely meet exactly;
 * the ROC is taken as straight between its points, as is usual.
 *
 * @returns the rate, 0..1, and the threshold at which the curves cross; null where one kind is missing
 */
export function equalError(scores: Scores): { rate: number; threshold: number } | null {
  const { genuine, impostor } = scores;
  if (genuine.length === 0 || impostor.length === 0) return null;
  let before = { far: 0, frr: 1, threshold: 0 };
  for (const threshold of distinctDistances(scores)) {
    const far = countAccepted(impostor, threshold) / impostor.length;
    const frr = 1 - countAccepted(genuine, threshold) / genuine.length;
    if (far >= frr) {
      // How far along the way from the point before to this one the two are equal.
      const part = (before.frr - before.far) / (far - before.far + before.frr - frr);
      return { rate: before.far + part * (far - before.far), threshold };
    }
    before = { far, frr, threshold };
  }
  // Pictures without a face keep the curves apart at every threshold; accepting everything ends them.
  const part = (before.frr - before.far) / (1 - before.far + before.frr);
  return { rate: before.far + part * (1 - before.far), threshold: before.threshold };
}

/** Every finite distance once, nearest first: between two of them no threshold changes anything. */
export function distinctDistances({ genuine, impostor }: Scores): Float64Array {
  const all = new Float64Array(genuine.length + impostor.length);
  all.set(genuine);
  all.set(impostor, genuine.length);
  all.sort();
  return all.filter((distance, index) => Number.isFinite(distance) && distance !== all[index - 1]);
}

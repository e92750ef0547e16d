import { countAccepted, countBelow, type Scores } from './scores.js';

/**
 * Area under the ROC curve: how often a genuine comparison is nearer than an impostor one, ties counted half (the
 * Mann-Whitney statistic; Hanley and McNeil 1982). 0.5 is guessing, 1 faultless; null where one kind is missing.
 */
export function areaUnderCurve({ genuine, impostor }: Scores): number | null {
  if (genuine.length === 0 || impostor.length === 0) return null;
  let wins = 0;
  for (const distance of genuine) {
    const nearer = countBelow(impostor, distance);
    const tied = countAccepted(impostor, distance) - nearer;
    wins += impostor.length - nearer - tied / 2;
  }
  return wins / (genuine.length * impostor.length);
}

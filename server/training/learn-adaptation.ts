import { addComparisons, noComparisons, type Comparisons, type TwoSpaces } from './compare.js';
import { pickFaces, project, type TrainingFaces } from './faces.js';
import { keepScale, scaleBetween } from './keep-scale.js';
import { splitFaces, type Split } from './split-faces.js';
import { trainProjection, type TrainOptions } from './train-projection.js';
import { ratesAtFar, type RatesAtFar } from './weigh-rates.js';

export interface LearnOptions {
  /** The FAR at which spaces are compared. */
  far: number;
  /** The network's default threshold, which keeps its meaning. */
  threshold: number;
  seed: number;
  train?: Partial<TrainOptions>;
}

export interface Learned {
  /** length x length, row after row: y = x M, scaled so that the threshold lets as many strangers pass as before. */
  matrix: Float32Array;
  /** Photos it did not learn from, of people it did, against strangers: what a desk sees. */
  known: RatesAtFar;
  /** People it learned nothing of, compared with each other: whoever is enrolled later. null where they are too few. */
  unseen: RatesAtFar | null;
  epochs: number;
  folds: number;
}

/**
 * Found on ../shared/data with dlib-resnet, see docs/decisions/adaptation.md: for embeddings of 128 numbers that are
 * compared at 0.54. Those of other networks are brought to that scale first, and the step to their length.
 */
export const trainDefaults: Omit<TrainOptions, 'seed'> = {
  alpha: 0.3,
  learningRate: 1e-3,
  hold: 0.05,
  epochs: 20,
  patience: 5,
  batch: 256,
};
const FOUND_AT = { threshold: 0.54, length: 128 };

/** With fewer than this a fold of strangers says nothing about people compared with each other. */
const LEAST_UNSEEN = 10;
const MOST_FOLDS = 5;

/**
 * Learns a projection and what it is worth, by cross-validation over people and photos at once (split-faces.ts): each
 * fold learns from a part of the photos of a part of the people, and is tried on the rest. The projection itself is then
 * learned from all, for as many epochs as the folds took in the median.
 *
 * @param raw at least 5 people with at least 2 faces each, and others besides
 * @param onProgress the part that is done, 0..1
 */
export function learnAdaptation(
  raw: TrainingFaces,
  options: LearnOptions,
  onProgress: (part: number) => void = () => undefined,
): Learned {
  const several = peopleWith(2, raw.people);
  const folds = Math.min(MOST_FOLDS, several);
  const train: TrainOptions = {
    ...trainDefaults,
    // Adam moves every number by about as much, and of longer embeddings there are more: the matrix moves no further.
    learningRate: trainDefaults.learningRate * Math.min(1, FOUND_AT.length / raw.length),
    ...options.train,
    seed: options.seed,
  };
  // The margin is a squared distance, and every network has its own scale. The projection is the same at any.
  const toFound = FOUND_AT.threshold / options.threshold;
  const faces = { ...raw, embeddings: raw.embeddings.map((value) => value * toFound) };
  const progress = (round: number) => (epoch: number) =>
    onProgress((round + epoch / train.epochs) / (folds + 1));

  const known = { genuine: noComparisons(), impostor: noComparisons() };
  const unseen = { genuine: noComparisons(), impostor: noComparisons() };
  const splits = splitFaces(faces.people, folds, options.seed);
  const epochs = splits.map((split, round) => {
    const trained = trainFold(faces, split, splits[(round + 1) % folds], train, progress(round));
    const matrix = keepScale(pickFaces(faces, split.enrolled), trained.matrix);
    const spaces = (rows: number[]): TwoSpaces => {
      const before = pickFaces(faces, rows);
      return { before, after: project(before, matrix) };
    };
    const [enrolled, probes, strangers] = [split.enrolled, split.probes, split.strangers].map(spaces);
    addComparisons(known.genuine, probes, enrolled, 'same person');
    addComparisons(known.impostor, strangers, enrolled, 'two people');
    addComparisons(unseen.genuine, strangers, strangers, 'same person');
    addComparisons(unseen.impostor, strangers, strangers, 'two people');
    onProgress((round + 1) / (folds + 1));
    return trained.epochs;
  });

  const typical = [...epochs].sort((a, b) => a - b)[Math.floor(epochs.length / 2)];
  const whole = trainProjection(faces, null, { ...train, epochs: typical }, progress(folds));
  const matrix = keepScale(faces, whole.matrix);
  // What the training pushed apart lies further apart than strangers do: those decide what the threshold means.
  const scale = scaleBetween(known.impostor.before, known.impostor.after, FOUND_AT.threshold);
  onProgress(1);
  const rates = (of: { genuine: Comparisons; impostor: Comparisons }): RatesAtFar | null =>
    ratesAtFar(of.genuine, of.impostor, options.far, options.seed);
  return {
    matrix: matrix.map((value) => value * scale),
    known: rates(known)!,
    unseen: several < LEAST_UNSEEN ? null : rates(unseen),
    epochs: typical,
    folds,
  };
}

/** How many people have at least so many faces. */
export function peopleWith(least: number, people: Int32Array): number {
  const counts = new Map<number, number>();
  for (const person of people) counts.set(person, (counts.get(person) ?? 0) + 1);
  return [...counts.values()].filter((count) => count >= least).length;
}

/** Learns from the enrolled faces of a fold but for those that are the next fold's probes: they tell when to stop. */
function trainFold(
  faces: TrainingFaces,
  split: Split,
  next: Split,
  train: TrainOptions,
  onEpoch: (epoch: number) => void,
): ReturnType<typeof trainProjection> {
  const aside = new Set(next.probes);
  const learned = split.enrolled.filter((row) => !aside.has(row));
  const validation = split.enrolled.filter((row) => aside.has(row));
  const people = new Set(learned.map((row) => faces.people[row]));
  // Everybody who has a photo aside needs another one to compare it with, and somebody has to have two to learn from.
  const judged = validation.filter((row) => people.has(faces.people[row]));
  const enough = judged.length >= 5 && peopleWith(2, pickFaces(faces, learned).people) >= 3;
  return enough
    ? trainProjection(pickFaces(faces, learned), pickFaces(faces, judged), train, onEpoch)
    : trainProjection(pickFaces(faces, split.enrolled), null, train, onEpoch);
}

import * as tf from '@tensorflow/tfjs-core';
import { pickFaces, project, squaredDistances, type TrainingFaces } from './faces.js';
import { mineTriplets, type Triplets } from './mine-triplets.js';
import { seededRandom } from './random.js';
import { separation } from './separation.js';
import { tripletLoss } from './triplet-loss.js';

export interface TrainOptions {
  /** Margin of the loss, in squared distance. */
  alpha: number;
  /** Step of Adam. */
  learningRate: number;
  /** How strongly the projection is held to the identity: weight of |M - I|² beside the mean loss of a triplet. */
  hold: number;
  /** Most epochs; each mines triplets anew with the projection as it is. */
  epochs: number;
  /** Epochs without a better result on the validation probes after which it stops. */
  patience: number;
  /** Triplets in a step at most; fewer where there are few, so that an epoch has several steps. */
  batch: number;
  seed: number;
}

export interface Trained {
  /** length x length, row after row: y = x M. */
  matrix: Float32Array;
  /** Epochs after which the matrix was taken; 0: no training made anything better. */
  epochs: number;
}

/** Triplets an epoch at most: a bound on time, which larger galleries reach. */
const MOST_TRIPLETS = 4096;
const POSITIVES_PER_ANCHOR = 4;
/** Adam moves a number by the learning rate in a step, however large the batch: a small gallery needs its steps too. */
const STEPS_AN_EPOCH = 8;
const LEAST_BATCH = 32;

/**
 * Learns a linear projection of embeddings by the triplet loss on semi-hard triplets, by Adam (Kingma and Ba 2015)
 * from the identity on, to which it is held. TensorFlow.js has to be ready; no tensor is left behind. The same faces,
 * options and seed give the same matrix on the same machine.
 *
 * @param validation faces that are not learned from, compared with those that are: the matrix that tells them apart
 *   best is taken, and training stops when it gets no better. null: the matrix after the last epoch
 * @param onEpoch told after every epoch
 */
export function trainProjection(
  faces: TrainingFaces,
  validation: TrainingFaces | null,
  options: TrainOptions,
  onEpoch: (epoch: number) => void = () => undefined,
): Trained {
  const random = seededRandom(options.seed);
  const matrix = tf.tidy(() => tf.variable(tf.eye(faces.length)));
  const adam = tf.train.adam(options.learningRate);
  let now = valuesOf(matrix);
  let seen = faces;
  const quality = (): number => (validation ? separation(project(validation, now), seen) : 0);
  const best = { matrix: now, epochs: 0, quality: quality() };
  try {
    for (let epoch = 1; epoch <= options.epochs; epoch += 1) {
      const triplets = mineTriplets(squaredDistances(seen, seen), faces.people, {
        alpha: options.alpha,
        positivesPerAnchor: POSITIVES_PER_ANCHOR,
        most: MOST_TRIPLETS,
        random,
      });
      const batch = Math.min(
        options.batch,
        Math.max(LEAST_BATCH, Math.ceil(triplets.anchors.length / STEPS_AN_EPOCH)),
      );
      for (let from = 0; from < triplets.anchors.length; from += batch)
        step(matrix, adam, faces, triplets, from, { ...options, batch });
      now = valuesOf(matrix);
      seen = project(faces, now);
      const reached = quality();
      if (!validation || reached > best.quality)
        Object.assign(best, { matrix: now, epochs: epoch, quality: reached });
      onEpoch(epoch);
      if (triplets.anchors.length === 0 || epoch - best.epochs >= options.patience) break;
    }
  } finally {
    matrix.dispose();
    adam.dispose();
  }
  return { matrix: best.matrix, epochs: best.epochs };
}

function valuesOf(matrix: tf.Variable): Float32Array {
  return matrix.dataSync<'float32'>().slice();
}

/** One step of Adam on a batch of triplets. */
function step(
  matrix: tf.Variable,
  adam: tf.Optimizer,
  faces: TrainingFaces,
  triplets: Triplets,
  from: number,
  { batch, alpha, hold }: TrainOptions,
): void {
  tf.tidy(() => {
    const inputs = [triplets.anchors, triplets.positives, triplets.negatives].map((rows) => {
      const { embeddings, people } = pickFaces(faces, rows.slice(from, from + batch));
      return tf.tensor2d(embeddings, [people.length, faces.length]);
    });
    const projected = inputs.map((each) => tf.matMul<tf.Tensor2D>(each, matrix as tf.Tensor as tf.Tensor2D));
    const ofProjected = tf.grads((a, p, n) =>
      tripletLoss(a as tf.Tensor2D, p as tf.Tensor2D, n as tf.Tensor2D, alpha),
    )(projected);
    // The chain rule by hand: for y = xM the gradient of M is x' dy. Transposed as a step of its own, because the
    // WebAssembly backend multiplies transposed matrices ten times as slowly.
    const ofLoss = tf.matMul(tf.transpose(tf.concat(inputs)), tf.concat(ofProjected as tf.Tensor2D[]));
    const ofHold = tf.mul(tf.sub(matrix, tf.eye(faces.length)), 2 * hold);
    // A loss a triplet, so that the last, smaller batch of an epoch weighs no less against the hold.
    const gradient = tf.add(tf.div(ofLoss, inputs[0].shape[0]), ofHold);
    adam.applyGradients({ [matrix.name]: gradient });
  });
}

import * as tf from '@tensorflow/tfjs-core';

/** The margin that the loss asks for unless told, in squared distance. */
export const ALPHA = 0.3;

/**
 * The triplet loss of FaceNet (Schroff et al. 2015, eq. 2 and 3): the SUM over the batch of
 * max(|a - p|² - |a - n|² + alpha, 0). It is 0 once every anchor is nearer to its positive than to its negative by
 * alpha; divide by n for a loss a triplet.
 *
 * The gradient is written out, so that no registered gradient of TensorFlow.js is needed: where a triplet's loss is
 * above 0 it is 2(n - p) for the anchor, 2(p - a) for the positive and 2(a - n) for the negative; 0 elsewhere.
 *
 * @param anchor n x d, embeddings
 * @param positive n x d, row i another picture of the person of anchor i
 * @param negative n x d, row i a picture of somebody else
 * @param alpha the margin, in squared distance, 0 or more
 * @returns a scalar
 * @throws RangeError where the shapes differ or are not n x d, or alpha is negative
 */
export function tripletLoss(
  anchor: tf.Tensor2D,
  positive: tf.Tensor2D,
  negative: tf.Tensor2D,
  alpha: number = ALPHA,
): tf.Scalar {
  const shapes = [anchor, positive, negative].map(({ shape }) => shape.join(' x '));
  if (anchor.rank !== 2 || new Set(shapes).size > 1) {
    throw new RangeError(
      `anchors, positives and negatives of one shape n x d are needed, not ${shapes.join(', ')}`,
    );
  }
  if (!(alpha >= 0)) throw new RangeError(`alpha is 0 or more, not ${alpha}`);
  return loss(anchor, positive, negative, tf.scalar(alpha)) as tf.Scalar;
}

const loss = tf.customGrad((...inputs) => {
  const [a, p, n, alpha, save] = inputs as unknown as [
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Tensor2D,
    tf.Scalar,
    tf.GradSaveFunc,
  ];
  const squared = (from: tf.Tensor2D, to: tf.Tensor2D) => tf.sum(tf.square(tf.sub(from, to)), 1);
  const each = tf.relu(tf.add(tf.sub(squared(a, p), squared(a, n)), alpha));
  save([a, p, n, each]);
  return {
    value: tf.sum(each),
    gradFunc: (dy, saved) => {
      const [a, p, n, each] = saved;
      // n x 1: twice the upstream gradient where the triplet still costs something.
      const weight = tf.mul(tf.expandDims(tf.cast(tf.greater(each, 0), 'float32'), 1), tf.mul(dy, 2));
      const pull = (towards: tf.Tensor, from: tf.Tensor) => tf.mul(tf.sub(towards, from), weight);
      return [
        pull(n, p),
        pull(p, a),
        pull(a, n),
        tf.mul(dy, tf.sum(tf.cast(tf.greater(each, 0), 'float32'))),
      ];
    },
  };
});

/** The loss by the name that Python knows it by. */
export { tripletLoss as triplet_loss };

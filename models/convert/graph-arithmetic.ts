import { constantOf, given, of, perChannel, type Drawn, type Op, type Operand } from './graph-operand.js';
import type { Result } from './result.js';

/** x and a constant, in whichever order, or two results. */
function two(
  drawn: Drawn,
): { x: Result; other: Result } | { x: Result; values: Float32Array; swapped: boolean } {
  const [a, b] = [drawn.operand(0), drawn.operand(1)];
  if (a.result && b.result) return { x: a.result, other: b.result };
  if (a.result) return { x: a.result, values: perChannel(drawn, b.constant!), swapped: false };
  if (b.result) return { x: b.result, values: perChannel(drawn, a.constant), swapped: true };
  throw drawn.node.unsupported('arithmetic on constants');
}

export const sum: Op = (drawn) => {
  const { node, drawing } = drawn;
  const pair = two(drawn);
  return given(
    'other' in pair
      ? drawing.add(pair.x, pair.other, node.name)
      : drawing.scale(pair.x, [1], pair.values, node.name),
  );
};

export const difference: Op = (drawn) => {
  const { node, drawing } = drawn;
  const pair = two(drawn);
  if ('other' in pair)
    return given(drawing.add(pair.x, drawing.scale(pair.other, [-1], [0], node.name), node.name));
  return given(
    pair.swapped
      ? drawing.scale(pair.x, [-1], pair.values, node.name)
      : drawing.scale(
          pair.x,
          [1],
          pair.values.map((value) => -value),
          node.name,
        ),
  );
};

export const times: Op = (drawn) => {
  const { node, drawing } = drawn;
  const normalised = lengthened(drawn);
  if (normalised) return normalised;
  const pair = two(drawn);
  return given(
    'other' in pair
      ? drawing.multiply(pair.x, pair.other, node.name)
      : drawing.scale(pair.x, pair.values, [0], node.name),
  );
};

/** x * rsqrt(max(sum(x * x), least)): what tf.nn.l2_normalize becomes. */
function lengthened(drawn: Drawn): Operand | null {
  if (drawn.source(1)?.op !== 'Rsqrt') return null;
  const x = of(drawn);
  if (x.shape.length !== 1) throw drawn.node.unsupported('normalising anything but rows');
  return given(drawn.drawing.l2Normalise(x));
}

export const quotient: Op = (drawn) => {
  const { node, drawing } = drawn;
  const pair = two(drawn);
  if ('other' in pair || pair.swapped) throw node.unsupported('division by something of the picture');
  return given(
    drawing.scale(
      pair.x,
      pair.values.map((value) => 1 / value),
      [0],
      node.name,
    ),
  );
};

/** min(x, 6) of what is positive is relu6, and max(x, 0) is relu; other bounds have no word. */
export const minimum: Op = (drawn) => {
  const pair = two(drawn);
  const six = !('other' in pair) && pair.values.length === 1 && pair.values[0] === 6;
  if (!six || !drawn.drawing.isPositive(pair.x)) throw drawn.node.unsupported('a bound that is no relu6');
  return given(drawn.drawing.relu6(pair.x));
};

export const maximum: Op = (drawn) => {
  const pair = two(drawn);
  if ('other' in pair || pair.values.some((value) => value !== 0))
    throw drawn.node.unsupported('a bound that is not 0');
  return given(drawn.drawing.relu(pair.x));
};

export const clip: Op = (drawn) => {
  const [low, high] = [constantOf(drawn, 1).values[0], constantOf(drawn, 2).values[0]];
  if (low !== 0 || high !== 6) throw drawn.node.unsupported(`values held between ${low} and ${high}`);
  return given(drawn.drawing.relu6(of(drawn)));
};

import type { Drawing } from './drawing.js';
import type { LayerSettings } from './layer-settings.js';
import type { Result } from './result.js';

/** A Keras activation by its name; those that have no word of their own are put together from those that have. */
export function activate(
  { settings, drawing }: { settings: LayerSettings; drawing: Drawing },
  name: string,
  x: Result,
): Result {
  const own = settings.name;
  switch (name) {
    case 'linear':
      return x;
    case 'relu':
    case 'ReLU':
      return drawing.relu(x);
    case 'relu6':
      return drawing.relu6(x);
    case 'sigmoid':
      return drawing.sigmoid(x);
    case 'softmax':
      return drawing.softmax(x);
    case 'tanh':
      // 2 sigmoid(2 x) - 1
      return drawing.scale(drawing.sigmoid(drawing.scale(x, [2], [0], own)), [2], [-1], own);
    case 'hard_sigmoid':
      // x / 5 + 1 / 2, held between 0 and 1, which relu6 does at six times the size.
      return drawing.scale(drawing.relu6(drawing.scale(x, [1.2], [3], own)), [1 / 6], [0], own);
    case 'swish':
    case 'silu':
      return drawing.multiply(x, drawing.sigmoid(x), own);
    case 'hard_swish':
    case 'hard_silu': {
      const gate = drawing.scale(drawing.relu6(drawing.scale(x, [1], [3], own)), [1 / 6], [0], own);
      return drawing.multiply(x, gate, own);
    }
    default:
      throw settings.unsupported(`the activation "${name}"`);
  }
}

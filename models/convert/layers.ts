import type { Drawing } from './drawing.js';
import { kerasLayers } from './layers-kinds.js';
import { LayerSettings } from './layer-settings.js';
import { readModel, readTopology, type Call, type KerasModel } from './layers-topology.js';
import type { TfjsModel } from './read-tfjs.js';
import { invalid, type Result } from './result.js';

/**
 * Draws a Keras model from its picture to one output. Only the layers that the output needs are looked at.
 *
 * Throws MODEL_UNSUPPORTED naming the layer that there is no word for, MODEL_INVALID where the model contradicts
 * itself or the output is not there, MODEL_INCOMPLETE where a layer's weights are missing.
 *
 * @param start the picture as the model is to see it
 * @param output name of a layer; null: the model's only output
 */
export function drawLayers(model: TfjsModel, drawing: Drawing, start: Result, output: string | null): Result {
  const topology = readTopology(model.topology);
  if (!topology) throw invalid('its layers are not those of a Sequential or functional Keras model');
  return drawModel(topology, { model, drawing, path: '' }, start, output);
}

interface Setting {
  readonly model: TfjsModel;
  readonly drawing: Drawing;
  /** Names of the models around this one, each followed by a slash. */
  readonly path: string;
}

function drawModel(keras: KerasModel, setting: Setting, start: Result, output: string | null): Result {
  const layers = new Map(keras.layers.map((layer) => [layer.name, layer]));
  const done = new Map<string, Result>();
  const begun = new Set<string>();

  const result = ({ layer: name, call }: Call): Result => {
    const key = `${name}:${call}`;
    const ready = done.get(key);
    if (ready) return ready;
    if (begun.has(key)) throw invalid(`its layer "${name}" feeds itself`);
    begun.add(key);
    const drawn = draw(name, call);
    done.set(key, drawn);
    return drawn;
  };
  const draw = (name: string, call: number): Result => {
    const layer = layers.get(name);
    if (!layer) throw invalid(`it names a layer "${name}" that it does not have`);
    if (layer.kind === 'InputLayer') {
      if (keras.inputs.length > 0 && keras.inputs[0].layer !== name)
        throw invalid(`its layer "${name}" is a second input`);
      return start;
    }
    const settings = new LayerSettings(layer, setting.path, setting.model.tensors);
    const inner = readModel(layer.kind, layer.config);
    // The calls of a model within are counted from its own making on, which is not written down.
    if (inner && layer.calls.length > 1) throw settings.unsupported('a model that is used twice');
    const inputs = (layer.calls.at(inner ? 0 : call) ?? []).map(result);
    if (inputs.length === 0) throw invalid(`its layer "${name}" takes nothing`);
    if (inner) return drawModel(inner, { ...setting, path: `${setting.path}${name}/` }, inputs[0], null);
    const kind = kerasLayers[layer.kind];
    if (!kind) throw settings.unsupported('this kind of layer');
    return kind({ x: inputs[0], inputs, settings, drawing: setting.drawing });
  };

  if (output !== null) {
    if (!layers.has(output))
      throw invalid(
        `it has no layer "${output}"; its outputs are ${keras.outputs.map((each) => each.layer).join(', ')}`,
      );
    return result({ layer: output, call: 0 });
  }
  if (keras.outputs.length === 1) return result(keras.outputs[0]);
  throw invalid(
    `it has several outputs and the manifest's "output" names none of ${keras.outputs.map((each) => each.layer).join(', ')}`,
  );
}

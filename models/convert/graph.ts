import { GatehouseError } from '../../server/base/errors.js';
import type { Tensor } from '../weights.js';
import type { Drawing } from './drawing.js';
import { GraphNode, graphTopology } from './graph-node.js';
import type { Operand } from './graph-operand.js';
import { graphOps } from './graph-ops.js';
import type { TfjsModel } from './read-tfjs.js';
import { invalid, type Result } from './result.js';

/**
 * Draws a TensorFlow graph from its picture to one output. Only the nodes that the output needs are looked at.
 *
 * Throws MODEL_UNSUPPORTED naming the node that there is no word for, MODEL_INVALID where the graph contradicts
 * itself or the output is not there.
 *
 * @param start the picture as the graph is to see it
 * @param output name of a node or of one that the graph is signed with; null: its only one
 */
export function drawGraph(model: TfjsModel, drawing: Drawing, start: Result, output: string | null): Result {
  const parsed = graphTopology.safeParse(model.topology);
  if (!parsed.success) throw invalid(`its graph is not one: ${parsed.error.issues[0].path.join('.')}`);
  const nodes = new Map(parsed.data.node.map((node) => [node.name, new GraphNode(node)]));
  const done = new Map<string, Operand | readonly Operand[]>();
  const begun = new Set<string>();

  /** What `name` or `name:output` gives. */
  const operand = (reference: string): Operand => {
    const [name, index = '0'] = reference.split(':');
    if (!done.has(name)) {
      const node = nodes.get(name);
      if (!node) throw invalid(`it names a node "${name}" that it does not have`);
      if (begun.has(name)) throw invalid(`its node "${name}" feeds itself`);
      begun.add(name);
      done.set(name, draw(node));
    }
    const given = done.get(name)!;
    return 'length' in given ? given[Number(index)] : given;
  };
  const draw = (node: GraphNode): Operand | readonly Operand[] => {
    if (node.op === 'Const') return constant(model, node);
    if (node.op === 'Placeholder' || node.op === 'PlaceholderWithDefault') return { result: start };
    const op = graphOps[node.op];
    if (!op) throw node.unsupported('this operation');
    return op({
      node,
      drawing,
      operand: (i) => operand(node.inputs[i]),
      source: (i) => sourceOf(nodes, node, i),
    });
  };

  const { result } = operand(chooseOutput(model, nodes, output));
  if (!result) throw invalid('its output does not depend on the picture');
  return result;
}

/** The node that feeds input `i`, past those that hand it on unchanged. */
function sourceOf(nodes: ReadonlyMap<string, GraphNode>, node: GraphNode, i: number): GraphNode | null {
  let source = nodes.get(node.inputs[i]?.split(':')[0] ?? '');
  for (let steps = 0; source?.op === 'Identity' && steps < nodes.size; steps += 1)
    source = nodes.get(source.inputs[0]?.split(':')[0] ?? '');
  return source ?? null;
}

function constant(model: TfjsModel, node: GraphNode): { constant: Tensor } {
  const tensor = model.tensors.get(node.name);
  if (!tensor)
    throw new GatehouseError(
      'MODEL_INCOMPLETE',
      `The weights lack ${node.name}.`,
      'Get all of the model’s files again.',
    );
  return { constant: tensor };
}

function chooseOutput(
  model: TfjsModel,
  nodes: ReadonlyMap<string, GraphNode>,
  wanted: string | null,
): string {
  const ends = model.outputs.size > 0 ? model.outputs : endsOf(nodes);
  if (wanted === null) {
    if (ends.size === 1) return [...ends.values()][0];
    throw invalid(
      `it has several outputs and the manifest's "output" names none of ${[...ends.keys()].join(', ')}`,
    );
  }
  const found = ends.get(wanted) ?? wanted;
  if (nodes.has(found.split(':')[0])) return found;
  throw invalid(`it has no output "${wanted}"; it has ${[...ends.keys()].join(', ')}`);
}

/** Nodes that feed no other. */
function endsOf(nodes: ReadonlyMap<string, GraphNode>): Map<string, string> {
  const used = new Set(
    [...nodes.values()].flatMap(({ inputs }) => inputs.map((input) => input.split(':')[0])),
  );
  return new Map([...nodes.keys()].filter((name) => !used.has(name)).map((name) => [name, name]));
}

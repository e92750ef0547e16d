import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { GatehouseError } from '../../server/base/errors.js';
import { decodeWeights } from '../tfjs-weights.js';
import type { Tensor } from '../weights.js';

/** A TensorFlow.js model as it lies on disk: what it computes, and its tensors by name. */
export interface TfjsModel {
  /** graph: nodes of a TensorFlow graph. layers: Keras layers. */
  readonly kind: 'graph' | 'layers';
  readonly topology: unknown;
  /** Names of the outputs that a graph is signed with: what it calls them, and the node. */
  readonly outputs: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

const file = z.object({
  modelTopology: z.record(z.string(), z.unknown()),
  signature: z.object({ outputs: z.record(z.string(), z.object({ name: z.string() })).optional() }).nullish(),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string()).min(1),
      weights: z.array(
        z.object({
          name: z.string(),
          shape: z.array(z.int().nonnegative()),
          dtype: z.string(),
          quantization: z
            .object({ dtype: z.string(), scale: z.number().optional(), min: z.number().optional() })
            .optional(),
        }),
      ),
    }),
  ),
});

/**
 * Reads a TensorFlow.js model and the weights beside it.
 *
 * Rejects with MODEL_MISSING (no such file), MODEL_INVALID (no TensorFlow.js model), MODEL_INCOMPLETE (weights are
 * missing or end early) or MODEL_UNSUPPORTED.
 *
 * @param path model.json, or the folder that holds it
 */
export async function readTfjs(path: string): Promise<TfjsModel> {
  const modelFile = (await isFolder(path)) ? join(path, 'model.json') : path;
  const parsed = file.safeParse(await readJson(modelFile));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(modelFile, `${issue.path.join('.') || 'the file'}: ${issue.message}`);
  }
  const { modelTopology, weightsManifest, signature } = parsed.data;
  const folder = dirname(modelFile);
  const tensors = new Map<string, Tensor>();
  for (const { paths, weights } of weightsManifest) {
    const shards: Buffer[] = [];
    for (const shard of paths) shards.push(await readShard(folder, shard, modelFile));
    for (const [name, tensor] of decodeWeights(weights, Buffer.concat(shards))) tensors.set(name, tensor);
  }
  const outputs = Object.entries(signature?.outputs ?? {}).map(([key, { name }]) => [key, name] as const);
  return {
    kind: 'node' in modelTopology ? 'graph' : 'layers',
    topology: modelTopology,
    outputs: new Map(outputs),
    tensors,
  };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw missing(path, 'MODEL_MISSING', cause);
  }
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw missing(path, 'MODEL_MISSING', cause);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(path, `it is not JSON: ${(cause as Error).message}`);
  }
}

async function readShard(folder: string, name: string, modelFile: string): Promise<Buffer> {
  // A model names files beside it; anything else would read what the user did not hand over.
  if (basename(name) !== name) throw invalid(modelFile, `its weights lie elsewhere: ${name}`);
  try {
    return await readFile(join(folder, name));
  } catch (cause) {
    throw missing(join(folder, name), 'MODEL_INCOMPLETE', cause);
  }
}

function missing(path: string, code: 'MODEL_MISSING' | 'MODEL_INCOMPLETE', cause: unknown): GatehouseError {
  return new GatehouseError(
    code,
    `${path} cannot be read: ${(cause as Error).message}`,
    'Name the model.json of a TensorFlow.js model; its weights belong beside it.',
    { cause },
  );
}

function invalid(path: string, reason: string): GatehouseError {
  return new GatehouseError(
    'MODEL_INVALID',
    `${path} is no TensorFlow.js model: ${reason}.`,
    'Convert the model with tensorflowjs_converter, or save it with TensorFlow.js, and import that.',
  );
}

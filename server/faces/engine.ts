import type { Network } from '../../models/network.js';
import type { Ranges } from '../../models/ranges/ranges.js';
import type { Weights } from '../../models/weights.js';

/** Every engine there is, the likely fastest first; `auto` measures them (choose-engine.ts). */
export const engineNames = ['onnx-int8', 'onnx', 'tfjs-node', 'wasm'] as const;
export type EngineName = (typeof engineNames)[number];

/**
 * Something that runs networks. Plain typed arrays cross this line, never tensors. Every engine gives the
 * same outputs to 1e-4 for the same network, weights and input (test/contracts/engine); networks that an engine runs in
 * 8 bits drift further, by as much as that suite allows.
 */
export interface Engine {
  readonly name: EngineName;
  /** Version of the library behind it, for `doctor` and /health. */
  readonly version: string;
  /** Most worker threads of one process that it can run in; left out: any number. */
  readonly maxWorkers?: number;
  /**
   * Whether its thread may be terminated in the middle of a run; left out: no, for native code that is torn off may
   * take the whole process with it.
   */
  readonly interruptible?: boolean;
  /**
   * How many bits it gives the filters of networks in 8 bits: 7 on processors that would cut sums off else; left out: 8, or it
   * computes in floats only.
   */
  readonly filterBits?: 7 | 8;
  /**
   * Compiles a network. Throws ENGINE_FAILED where the engine cannot run it.
   *
   * @param ranges what its results reach on faces: an engine that computes in 8 bits does so for a network that comes with
   *   them, and in floats for all others
   */
  load(network: Network, weights: Weights, ranges?: Ranges | null): Promise<Runner>;
  /** Frees everything, the runners included. */
  close(): Promise<void>;
}

/** One compiled network. Not for two calls at a time: await the one before. */
export interface Runner {
  /** What it computes in; left out: float32. */
  readonly precision?: 'float32' | 'int8';
  /**
   * @param input batch x height x width x 3 numbers, row by row, R G B, 0..255 (the network does its own
   *   normalisation)
   * @param batch number of pictures in `input`, >= 1
   * @param size height and width where the network takes any (detectors); left out for a fixed input
   * @returns one array for each of the network's outputs, in its order, each batch-major and channels-last
   */
  run(input: Float32Array, batch: number, size?: { height: number; width: number }): Promise<Float32Array[]>;
  close(): Promise<void>;
}

/** Opens an engine; rejects with ENGINE_NOT_FOUND and the reason where this machine does not have it. */
export type OpenEngine = (options: { threads: number }) => Promise<Engine>;

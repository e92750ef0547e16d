import { readFile } from 'node:fs/promises';
import { GatehouseError } from '../../base/errors.js';

/** The part of WebAssembly that is used here: Node's types have only its name. */
declare const WebAssembly: {
  validate(code: Uint8Array): boolean;
  compile(code: Uint8Array): Promise<NearCode>;
  Instance: new (code: NearCode, imports: object) => { exports: unknown };
  Memory: new (pages: { initial: number }) => NearMemory;
};

/** What assembly/ was compiled to. */
export interface NearCode {
  readonly __code: never;
}

interface NearMemory {
  readonly buffer: ArrayBuffer;
}

/** The functions of assembly/, where each says what it takes, in this order: pointers and counts. */
interface NearFunctions {
  products(...[a, count, b, starts, many, length, out]: number[]): void;
  choose(...[nearness, counts, lists, budget, scratch, order]: number[]): number;
  scan(...[codes, work, count, tables, wanted, scratch, found, sorted, room]: number[]): number;
  refine(...[found, count, rows, probe, wanted, best]: number[]): void;
}

export interface NearKernels {
  readonly memory: NearMemory;
  readonly functions: NearFunctions;
}

/** Bytes of a page of WebAssembly's memory. */
export const PAGE = 65_536;

/** Rejects with GALLERY_UNAVAILABLE where the kernels were not built, or the processor has no SIMD for them. */
export async function loadNearKernels(from?: URL): Promise<NearCode> {
  try {
    const code = await readFile(from ?? new URL('./near.wasm', import.meta.url));
    if (WebAssembly.validate(code)) return await WebAssembly.compile(code);
  } catch (cause) {
    throw unavailable('its kernels in WebAssembly were not built', 'Run `npm run build`.', cause);
  }
  throw unavailable('WebAssembly has no SIMD here', 'For the other, use a processor with SSE 4.1 or NEON.');
}

/** The functions over a memory of their own. */
export function openNearKernels(code: NearCode, bytes: number): NearKernels {
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  const { exports } = new WebAssembly.Instance(code, { env: { memory } });
  return { memory, functions: exports as NearFunctions };
}

function unavailable(why: string, remedy: string, cause?: unknown): GatehouseError {
  return new GatehouseError(
    'GALLERY_UNAVAILABLE',
    `the approximate search of the gallery cannot run: ${why}`,
    `Exact search goes on. ${remedy}`,
    { cause },
  );
}

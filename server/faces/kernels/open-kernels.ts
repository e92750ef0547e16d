import { readFile } from 'node:fs/promises';
import { PAGE, type Kernels } from './kernels.js';

/** The part of WebAssembly that is used here: Node's types have only its name. */
declare const WebAssembly: {
  validate(code: Uint8Array): boolean;
  instantiate(code: Uint8Array, imports: object): Promise<{ instance: { exports: unknown } }>;
  Memory: new (pages: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

/**
 * The kernels over a memory of their own, which never grows.
 *
 * @param bytes of the memory, rounded up to whole pages
 * @returns null where this machine has no SIMD in WebAssembly, or the kernels were not built
 */
export async function openKernels(
  from: URL | undefined,
  bytes: number,
): Promise<{ buffer: ArrayBuffer; kernels: Kernels } | null> {
  const code = await readFile(from ?? new URL('./pixels.wasm', import.meta.url)).catch(() => null);
  if (!code || !WebAssembly.validate(code)) return null;
  const pages = Math.ceil(bytes / PAGE);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const { instance } = await WebAssembly.instantiate(code, { env: { memory } });
  return { buffer: memory.buffer, kernels: instance.exports as Kernels };
}

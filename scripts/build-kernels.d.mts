/** Compiles server/faces/kernels/pixels.wasm where it is missing or older than its sources. */
export function buildKernels(): Promise<void>;

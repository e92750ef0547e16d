/** Compiles what runs in WebAssembly where it is missing or older than its sources. */
export function buildKernels(): Promise<void>;

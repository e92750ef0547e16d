// What the approximate search of the gallery computes, in WebAssembly with SIMD, written in AssemblyScript. Every pointer is a
// byte offset in the one memory; nothing is allocated here. near-kernels.ts says what lies where.
export { choose } from './choose';
export { products } from './products';
export { refine } from './refine';
export { scan } from './scan';

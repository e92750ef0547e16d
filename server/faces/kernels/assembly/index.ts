// Loops over pixels in WebAssembly with SIMD, written in AssemblyScript (https://www.assemblyscript.org, TypeScript with the
// machine's own numbers). Every pointer is a byte offset in the one memory; nothing is allocated here. Each is the same as a
// loop in JavaScript beside it in server/faces, which a test compares it with.
export { averageRow, interpolateRow } from './crop';
export { quarter, averageSamples } from './shrink';
export { countBrightness, spread } from './stretch';
export { greyOf, lostAlong } from './sharpness';
export { rgbOf } from './rgb';

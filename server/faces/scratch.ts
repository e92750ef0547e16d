/**
 * Memory for what only lives until the next network has run, by purpose and length in numbers. Its contents are whatever was there
 * before, and the next call for the same purpose may hand out the same memory.
 */
export type Scratch = (purpose: string, length: number) => Float32Array;

/** New memory at each call. */
export const freshMemory: Scratch = (_purpose, length) => new Float32Array(length);

/**
 * The same memory again and again, for one thread that recognises frame after frame: chips and canvases of a frame come to
 * several megabytes, and collecting those costs more than filling them.
 */
export function reusedMemory(): Scratch {
  const kept = new Map<string, Float32Array>();
  return (purpose, length) => {
    let memory = kept.get(purpose);
    if (!memory || memory.length < length) kept.set(purpose, (memory = new Float32Array(length)));
    return memory.subarray(0, length);
  };
}

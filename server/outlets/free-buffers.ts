/**
 * Buffers outside of V8's heap that nobody uses at the moment, kept to be used again: a new one for each picture makes V8 mark its
 * whole heap again and again. What was given back longest ago goes first where they are too many.
 */
export class FreeBuffers {
  readonly #mostBytes: number;
  /** The one that was given back last stands last. */
  readonly #free: Buffer[] = [];
  #bytes = 0;

  /** @param mostBytes that are kept, of all sizes together */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** A buffer of just so many bytes, of any content, that is the caller's until it is given back. */
  take(bytes: number): Buffer {
    const at = this.#free.findLastIndex(({ length }) => length === bytes);
    if (at === -1) return Buffer.allocUnsafeSlow(bytes);
    this.#bytes -= bytes;
    return this.#free.splice(at, 1)[0];
  }

  /** Of a buffer that was taken: nobody reads or writes it any more. */
  giveBack(buffer: Buffer): void {
    if (buffer.length > this.#mostBytes) return;
    this.#free.push(buffer);
    this.#bytes += buffer.length;
    while (this.#bytes > this.#mostBytes) this.#bytes -= this.#free.shift()!.length;
  }
}

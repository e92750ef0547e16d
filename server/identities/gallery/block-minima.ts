/**
 * CONTRACT: the product of a chunk's codes with a batch of probes, and of each block of rows the smallest result. All
 * whole numbers, so every implementation gives the same.
 */
export interface BlockMinima {
  /** What computes, for the log. */
  readonly description: string;
  /**
   * min over the rows of a block of `norms[row] - sum over i of (codes[row][i] - ZERO) * probes[i][probe]`.
   *
   * @param codes rows x length, 0..2 * ZERO - 1; rows is a multiple of `block`
   * @param norms rows
   * @param probes length x count, turned so that the probes stand side by side
   * @returns blocks x count
   */
  run(codes: Uint8Array, norms: Int32Array, probes: Int8Array, count: number): Promise<Int32Array>;
  close(): Promise<void>;
}

/** Opens one for embeddings of `length` numbers and blocks of `block` rows. */
export type OpenBlockMinima = (shape: { length: number; block: number }) => Promise<BlockMinima>;

/** The code of nought. */
export const ZERO = 64;
/** Probes that one run takes at most: fewer cost the same on machines whose vectors hold sixteen. */
export const MOST_PROBES = 16;

/** In plain loops, for where no engine with matrix products loads: four probes at a time, so that each code is read once. */
export const openLoopMinima: OpenBlockMinima = ({ length, block }) =>
  Promise.resolve({
    description: 'plain loops',
    run(codes, norms, probes, count) {
      const minima = new Int32Array((norms.length / block) * count).fill(2 ** 31 - 1);
      // A probe's numbers in a row again, and a multiple of four probes, the missing ones nought.
      const lanes = Math.ceil(count / 4) * 4;
      const turned = new Int32Array(lanes * length);
      for (let i = 0; i < length; i += 1)
        for (let probe = 0; probe < count; probe += 1) turned[probe * length + i] = probes[i * count + probe];
      for (let row = 0; row < norms.length; row += 1) {
        const at = row * length;
        const out = Math.floor(row / block) * count;
        for (let lane = 0; lane < lanes; lane += 4) {
          const one = lane * length;
          const two = one + length;
          const three = two + length;
          const four = three + length;
          let a = 0;
          let b = 0;
          let c = 0;
          let d = 0;
          for (let i = 0; i < length; i += 1) {
            const code = codes[at + i] - ZERO;
            a = (a + Math.imul(code, turned[one + i])) | 0;
            b = (b + Math.imul(code, turned[two + i])) | 0;
            c = (c + Math.imul(code, turned[three + i])) | 0;
            d = (d + Math.imul(code, turned[four + i])) | 0;
          }
          const sums = [a, b, c, d];
          for (let probe = lane; probe < Math.min(lane + 4, count); probe += 1)
            minima[out + probe] = Math.min(minima[out + probe], norms[row] - sums[probe - lane]);
        }
      }
      return Promise.resolve(minima);
    },
    close: () => Promise.resolve(),
  });

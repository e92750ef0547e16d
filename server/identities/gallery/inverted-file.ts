import { BLOCK_ROWS, CodeBlocks } from './code-blocks.js';
import { CodedLists } from './coded-lists.js';
import { kMeans, type Centres } from './k-means.js';
import { loadNearKernels, type NearCode } from './near-kernels.js';
import { OUTGROWN, type NearRows, type OpenNearRows } from './near-rows.js';
import { PARTS, ProductCode } from './product-code.js';
import { AXES, learnSpace } from './space.js';

/** Lists there are: so many times the root of the rows, a power of two. */
const LISTS = 2;
const MOST_LISTS = 4_096;
/**
 * Mean squared distance of rows from their centres, in widths: of less, 32-bit floats would not tell much, as where all rows
 * lie in a few clumps far from each other.
 */
const LEAST_SCATTER = 1e-3;
/** Of how rows differ, squared, so much may be lost in their codes: of more, too many of those that look near are not. */
const MOST_LOST = 0.3;
/** A row is coded badly if it is off by so many times what this share of the sample is, squared; `least` is what rounding makes. */
const MOST_OFF = { times: 9, of: 15 / 16, least: 1e-6 };
/** Rows of the sample by which the two are told. */
const MOST_CHECKED = 1_024;

export interface InvertedFileOptions {
  /** Where the kernels lie, if not beside this file. */
  kernels?: URL;
}

/**
 * An inverted file with product codes (Jegou, Douze, Schmid 2011): rows are kept in lists by which of many centres is
 * nearest along the principal axes, and only the lists near a probe are scanned, by codes of 16 bytes a row.
 */
export function openInvertedFile({ kernels }: InvertedFileOptions = {}): OpenNearRows {
  return async (length) => {
    const code = await loadNearKernels(kernels);
    return (sample, expected, signal) => learn({ code, length, sample, expected, signal });
  };
}

interface Lesson {
  code: NearCode;
  length: number;
  sample: Float32Array;
  expected: number;
  signal: AbortSignal;
}

async function learn({ code, length, sample, expected, signal }: Lesson): Promise<NearRows | null> {
  const learnt = await learnSpace(code, sample, length, signal);
  if (!learnt) return null;
  const { space, points, lost } = learnt;
  const wanted = 2 ** Math.round(Math.log2(LISTS * Math.sqrt(Math.max(expected, 1))));
  const count = Math.min(MOST_LISTS, wanted, points.length / AXES);
  const centres = await kMeans(code, points, AXES, count, signal);
  const scatter = scatterOf(centres, points);
  if (scatter < LEAST_SCATTER) return null;
  const quantiser = await ProductCode.learn(points, signal);
  const off = offBy(quantiser, points, lost);
  if (mean(off) > MOST_LOST * meanSquare(points, lost)) return null;
  return new CodedLists({
    ...{ code, length, space, centres, scatter, quantiser },
    mostOff: Math.max(
      off.sort()[Math.floor((off.length - 1) * MOST_OFF.of)] * MOST_OFF.times,
      MOST_OFF.least,
    ),
    blocks: new CodeBlocks(code, Math.ceil((expected * OUTGROWN) / BLOCK_ROWS) + count),
  });
}

function scatterOf(centres: Centres, points: Float32Array): number {
  const some = evenly(points, AXES, MOST_CHECKED);
  let sum = 0;
  centres.nearest(some).forEach((centre, point) => {
    for (let i = 0; i < AXES; i += 1)
      sum += (some[point * AXES + i] - centres.points[centre * AXES + i]) ** 2;
  });
  return (sum * AXES) / some.length;
}

/** How far some of the points are from what their codes stand for, squared. */
function offBy(quantiser: ProductCode, points: Float32Array, lost: Float64Array): Float64Array {
  const some = evenly(points, AXES, MOST_CHECKED);
  const codes = new Uint8Array(PARTS);
  return evenly(lost, 1, MOST_CHECKED).map(
    (square, row) => square + quantiser.encode(some, row * AXES, codes),
  );
}

/** Mean squared distance of some of the points from the mean of all. */
function meanSquare(points: Float32Array, lost: Float64Array): number {
  const some = evenly(points, AXES, MOST_CHECKED);
  return some.reduce((sum, x) => sum + x * x, 0) / (some.length / AXES) + mean(lost);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Rows of a set, evenly among them, `most` at most. */
function evenly<T extends Float32Array | Float64Array>(rows: T, length: number, most: number): T {
  const there = rows.length / length;
  if (there <= most) return rows.slice() as T;
  const some = rows.slice(0, most * length) as T;
  for (let n = 0; n < most; n += 1) {
    const at = Math.floor((n * there) / most) * length;
    some.set(rows.subarray(at, at + length), n * length);
  }
  return some;
}

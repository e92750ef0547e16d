/** Share of the rows by which the width of a set is told: it may be spoilt by fewer than a sixteenth of them. */
const MOST = 15 / 16;
/** Rows further from the mean than so many times that width are unusual: one alone could turn all axes towards itself. */
export const FAR = 3;
/** Rows that are looked at, of 128 numbers; fewer of longer ones. */
const MOST_NUMBERS = 2 ** 20;

/** Where nearly all rows of a sample lie: about `mean`, and nearly all within `width` of it. */
export interface Usual {
  /** length numbers. */
  mean: Float32Array;
  /** A distance; 0 where nearly all rows are the same. */
  width: number;
}

/** Rows less their mean, in units of the width, so that 32-bit floats hold them well whatever their scale. */
export interface CentredRows {
  /** As many rows x length numbers as came; nought where a row is unusual. */
  rows: Float32Array;
  /** Of each row its squared distance from the mean, in the same units. */
  squares: Float64Array;
}

/** Learns it from a sample whose unusual rows count for nothing: rows x length finite numbers, at least one row. */
export function learnUsual(sample: Float32Array, length: number): Usual {
  const there = sample.length / length;
  const looked = Math.min(there, Math.ceil(MOST_NUMBERS / length));
  const all = Uint32Array.from({ length: looked }, (_, n) => Math.floor((n * there) / looked));
  let mean = meanOf(sample, length, all);
  let width = 0;
  // Outliers move the first mean, and with it the width; what is left after the first round moves it little.
  for (let round = 0; round < 3; round += 1) {
    const distances = Float64Array.from(all, (row) => Math.sqrt(squaredFrom(mean, sample, row * length)));
    width = distances.slice().sort()[Math.floor((all.length - 1) * MOST)];
    mean = meanOf(
      sample,
      length,
      all.filter((_, n) => distances[n] <= width * FAR),
    );
  }
  return { mean, width };
}

export function isUnusual(square: number): boolean {
  return square > FAR ** 2;
}

/** @param embeddings rows x length finite numbers */
export function centreRows({ mean, width }: Usual, embeddings: Float32Array): CentredRows {
  const { length } = mean;
  const squares = new Float64Array(embeddings.length / length);
  const rows = new Float32Array(embeddings.length);
  for (let row = 0; row < squares.length; row += 1) {
    const first = row * length;
    squares[row] = squaredFrom(mean, embeddings, first) / width ** 2;
    if (isUnusual(squares[row])) continue;
    for (let i = 0; i < length; i += 1) rows[first + i] = (embeddings[first + i] - mean[i]) / width;
  }
  return { rows, squares };
}

function squaredFrom(mean: Float32Array, embeddings: Float32Array, first: number): number {
  let squared = 0;
  for (let i = 0; i < mean.length; i += 1) squared += (embeddings[first + i] - mean[i]) ** 2;
  return squared;
}

function meanOf(sample: Float32Array, length: number, rows: Uint32Array): Float32Array {
  const sum = new Float64Array(length);
  for (const row of rows) for (let i = 0; i < length; i += 1) sum[i] += sample[row * length + i];
  return Float32Array.from(sum, (value) => value / rows.length);
}

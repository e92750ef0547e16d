/** Faces to learn from or to try on. */
export interface TrainingFaces {
  /** faces x length numbers, one row a face. */
  embeddings: Float32Array;
  /** Numbers in an embedding. */
  length: number;
  /**
   * Whose each face is, as many entries as there are rows: one number >= 0 a person, and for a face of somebody nobody
   * knows a number < 0 of its own. Two such faces may be of one person, so they are never compared with each other.
   */
  people: Int32Array;
}

export type Relation = 'same person' | 'two people' | 'unclear';

/** What two faces of these people are to each other. */
export function relation(one: number, other: number): Relation {
  if (one < 0 && other < 0) return 'unclear';
  return one === other ? 'same person' : 'two people';
}

/** The rows of some faces, in the order asked for. */
export function pickFaces(
  { embeddings, length, people }: TrainingFaces,
  rows: readonly number[],
): TrainingFaces {
  const picked = new Float32Array(rows.length * length);
  rows.forEach((row, at) => picked.set(embeddings.subarray(row * length, (row + 1) * length), at * length));
  return { embeddings: picked, length, people: Int32Array.from(rows, (row) => people[row]) };
}

/** The same faces in another space: y = x M for every embedding x. */
export function project(faces: TrainingFaces, matrix: Float32Array): TrainingFaces {
  const { embeddings, length } = faces;
  const projected = new Float32Array(embeddings.length);
  for (let row = 0; row < embeddings.length; row += length)
    for (let i = 0; i < length; i += 1) {
      const x = embeddings[row + i];
      for (let j = 0; j < length; j += 1) projected[row + j] += x * matrix[i * length + j];
    }
  return { ...faces, embeddings: projected };
}

/** Squared Euclidean distances of every face of one set to every face of another: ones x others numbers. */
export function squaredDistances(ones: TrainingFaces, others: TrainingFaces): Float32Array {
  const { length } = ones;
  const distances = new Float32Array(ones.people.length * others.people.length);
  let at = 0;
  for (let a = 0; a < ones.embeddings.length; a += length)
    for (let b = 0; b < others.embeddings.length; b += length) {
      let sum = 0;
      for (let i = 0; i < length; i += 1) {
        const difference = ones.embeddings[a + i] - others.embeddings[b + i];
        sum += difference * difference;
      }
      distances[at++] = sum;
    }
  return distances;
}

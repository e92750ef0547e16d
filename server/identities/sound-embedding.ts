/**
 * What is wrong with an embedding, in the operator's words; null for one that can be compared.
 *
 * @param length numbers that it should have; null: any
 */
export function embeddingFault(embedding: Float32Array, length: number | null): string | null {
  if (length !== null && embedding.length !== length)
    return `its embedding has ${embedding.length} numbers, not ${length}`;
  return embedding.every(Number.isFinite) ? null : 'its embedding holds something that is no number';
}

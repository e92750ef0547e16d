import { EMBEDDING_LENGTH } from '../faces/face.js';
import type { EnrolledPerson, Person } from './person.js';

/**
 * Everybody's embeddings of ONE network in one matrix, for exact search. Never changed once built: a new
 * one takes its place, so a search never sees half of an enrolment.
 */
export interface Gallery {
  readonly network: string;
  readonly people: readonly Person[];
  /** samples x EMBEDDING_LENGTH numbers, the samples of a person one after another. */
  readonly embeddings: Float32Array;
  /** people + 1 numbers: the samples of person i are rows `starts[i]` up to, not including, `starts[i + 1]`. */
  readonly starts: Uint32Array;
}

/**
 * Builds the gallery of a network; samples of other networks are left out, for their distances mean
 * nothing, and so are people without a sample. `transform` puts them into the space that probes are in. Throws a RangeError for an embedding of another length.
 */
export function buildGallery(
  people: Iterable<EnrolledPerson>,
  network: string,
  transform: (embedding: Float32Array) => Float32Array = (embedding) => embedding,
): Gallery {
  const members = [...people]
    .map((person) => ({ person, samples: person.samples.filter((sample) => sample.network === network) }))
    .filter(({ samples }) => samples.length > 0);
  const starts = new Uint32Array(members.length + 1);
  members.forEach(({ samples }, index) => (starts[index + 1] = starts[index] + samples.length));
  const embeddings = new Float32Array(starts[members.length] * EMBEDDING_LENGTH);
  members.forEach(({ samples }, index) => {
    samples.forEach(({ embedding, photo }, offset) => {
      if (embedding.length !== EMBEDDING_LENGTH) {
        throw new RangeError(
          `${photo}: an embedding of ${embedding.length} numbers, not ${EMBEDDING_LENGTH}`,
        );
      }
      embeddings.set(transform(embedding), (starts[index] + offset) * EMBEDDING_LENGTH);
    });
  });
  return { network, people: members.map(({ person: { id, name } }) => ({ id, name })), embeddings, starts };
}

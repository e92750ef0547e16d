import { GatehouseError } from '../../base/errors.js';
import type { LabelledFace } from '../../identities/labelled-visits.js';
import type { EnrolledPerson } from '../../identities/person.js';
import { embeddingFault } from '../../identities/sound-embedding.js';
import type { TrainingFaces } from '../../training/faces.js';
import { seededRandom, shuffled } from '../../training/random.js';

/** With fewer people of several photos chance decides what is learned. */
const LEAST_PEOPLE = 5;
/** Bounds on time: learning grows with the square of the faces. */
const MOST_OF_ONE = 20;
const MOST = 1500;

export interface GatheredFaces {
  faces: TrainingFaces;
  /** People with a name. */
  people: number;
  /** Of them, those with at least two faces. */
  several: number;
  /** Faces that were left out, for there are more than can be learned from. */
  leftOut: number;
}

/**
 * The gallery's samples of one network and the faces of labelled visits as faces to learn from: at most 20 of a person
 * and 1500 altogether, drawn with the seed.
 *
 * @param space the network that made the embeddings, and how many numbers each has
 * @throws GatehouseError ADAPTATION_TOO_FEW with what there is and what is missing; EMBEDDING_INVALID for an embedding
 *   of another length
 */
export function gatherFaces(
  enrolled: readonly EnrolledPerson[],
  visits: readonly LabelledFace[],
  { network, length }: { network: string; length: number },
  seed: number,
): GatheredFaces {
  const ofPerson = new Map<string, Float32Array[]>();
  const add = (id: string, embedding: Float32Array): void => {
    const fault = embeddingFault(embedding, length);
    if (fault !== null)
      throw new GatehouseError(
        'EMBEDDING_INVALID',
        `${id}: ${fault}`,
        `Enrol everybody anew with ${network}: gatehouse enrol.`,
      );
    ofPerson.set(id, [...(ofPerson.get(id) ?? []), embedding]);
  };
  for (const { id, samples } of enrolled)
    for (const sample of samples) if (sample.network === network) add(id, sample.embedding);
  for (const { person, embedding } of visits) if (person !== null) add(person, embedding);
  const several = [...ofPerson.values()].filter((each) => each.length > 1).length;
  if (several < LEAST_PEOPLE) {
    throw new GatehouseError(
      'ADAPTATION_TOO_FEW',
      `${LEAST_PEOPLE} people with at least 2 photos each are needed, and there ${several === 1 ? 'is' : 'are'} ${several} (of ${ofPerson.size} enrolled with ${network})`,
      'Enrol a second photo of more people, taken on another day, or label visits and pass them with --visits.',
    );
  }

  const random = seededRandom(seed);
  const rows: { embedding: Float32Array; person: number }[] = [];
  let total = 0;
  // Whoever has several photos comes first: only of them can be learned what stays the same.
  const named = shuffled([...ofPerson.values()], random).sort(
    (a, b) => Number(b.length > 1) - Number(a.length > 1),
  );
  for (const [person, embeddings] of named.entries()) {
    total += embeddings.length;
    for (const embedding of shuffled(embeddings, random).slice(0, MOST_OF_ONE))
      rows.push({ embedding, person });
  }
  // Of two visits of nobody known it is unclear whether they are two people: a number each, below 0.
  const strangers = visits.filter(({ person }) => person === null);
  total += strangers.length;
  strangers.forEach(({ embedding }, index) => rows.push({ embedding, person: -1 - index }));
  const used = rows.slice(0, MOST);
  const faces: TrainingFaces = {
    embeddings: new Float32Array(used.length * length),
    length,
    people: Int32Array.from(used, ({ person }) => person),
  };
  used.forEach(({ embedding }, index) => faces.embeddings.set(embedding, index * length));
  return { faces, people: ofPerson.size, several, leftOut: total - used.length };
}

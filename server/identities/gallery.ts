import { setImmediate as nextTurn } from 'node:timers/promises';
import { embeddingInvalid, type GalleryIndex, type Member } from './gallery-index.js';
import { matchOf, MAX_CANDIDATES, type Match } from './match.js';
import type { EnrolledPerson, Sample } from './person.js';
import type { EnrolmentProblem } from './photo-book.js';
import { embeddingFault } from './sound-embedding.js';

/** An index with what is wrong with it, in the operator's words; null while all is well. */
export type KeptIndex = GalleryIndex & { readonly problem?: string | null };

export interface GalleryOptions {
  /** Samples of other networks are left out: their distances mean nothing. */
  network: string;
  /** Numbers of an embedding of that network; left out: as many as most of its samples have. */
  embeddingLength?: number | undefined;
  /** A learned projection, which every sample and every probe goes through; the store keeps what it was before. */
  transform?: ((embedding: Float32Array) => Float32Array) | undefined;
  /** Opens an empty index for embeddings of `length` numbers. */
  openIndex: (length: number) => KeptIndex;
}

interface Known {
  name: string;
  /** As stored, before the transform; refused ones too. */
  embeddings: readonly Float32Array[];
  /** Of those that are refused. */
  problems: readonly EnrolmentProblem[];
}

/** People who are looked through in one turn of the event loop: a millisecond. */
const PEOPLE_A_TURN = 2_000;

/**
 * Everybody's samples of ONE network in an index, kept in step with the people: only who changed is put or removed.
 * Samples that cannot be compared with the others are refused.
 */
export class Gallery {
  readonly #options: GalleryOptions;
  readonly #known = new Map<string, Known>();
  #index: KeptIndex | null = null;
  /** Of an embedding as stored; 0 before the first. */
  #length = 0;

  constructor(options: GalleryOptions) {
    this.#options = options;
  }

  get description(): string {
    return this.#index?.description ?? 'nobody is enrolled';
  }

  get people(): number {
    return this.#known.size;
  }

  get samples(): number {
    return this.#index?.samples ?? 0;
  }

  get problem(): string | null {
    return this.#index?.problem ?? null;
  }

  /** Puts and removes whoever is different; resolves, with the samples that were refused, once searches see it. */
  async follow(people: readonly EnrolledPerson[]): Promise<EnrolmentProblem[]> {
    const { network } = this.#options;
    await this.#open(people);
    const problems: EnrolmentProblem[] = [];
    const put: Member[] = [];
    const gone = new Set(this.#known.keys());
    for (const [at, { id, name, samples }] of people.entries()) {
      if ((at + 1) % PEOPLE_A_TURN === 0) await nextTurn();
      const theirs = samples.filter((sample) => sample.network === network);
      const before = this.#known.get(id);
      if (before && isSame(before, name, theirs)) {
        problems.push(...before.problems);
        gone.delete(id);
        continue;
      }
      const refused = theirs.map((sample) => this.#refuse(sample)).filter((problem) => problem !== null);
      const sound = theirs.filter(({ embedding }) => embeddingFault(embedding, this.#length) === null);
      problems.push(...refused);
      if (sound.length === 0) continue;
      gone.delete(id);
      this.#known.set(id, { name, embeddings: theirs.map(({ embedding }) => embedding), problems: refused });
      put.push({ id, name, embeddings: sound.map(({ embedding }) => this.#transformed(embedding)) });
    }
    for (const id of gone) this.#known.delete(id);
    if (put.length + gone.size > 0) await this.#index?.update({ put, remove: [...gone] });
    return problems;
  }

  /** The nearest people to each probe; rejects with EMBEDDING_INVALID for one of another length. */
  async match(probes: readonly Float32Array[], threshold: number): Promise<Match[]> {
    const index = this.#index;
    if (!index) return probes.map(() => matchOf([], threshold));
    const turned = probes.map((probe) => {
      if (probe.length === this.#length) return this.#transformed(probe);
      throw embeddingInvalid(
        `a probe has ${probe.length} numbers, not ${this.#length} as those of the gallery`,
      );
    });
    const length = turned.at(0)?.length ?? 0;
    const together = new Float32Array(turned.length * length);
    turned.forEach((probe, at) => together.set(probe, at * length));
    const found = await index.search(together, MAX_CANDIDATES);
    return found.map((candidates) => matchOf(candidates, threshold));
  }

  async close(): Promise<void> {
    await this.#index?.close();
  }

  #transformed(embedding: Float32Array): Float32Array {
    return this.#options.transform?.(embedding) ?? embedding;
  }

  /** Opens the index with the first samples, and another one where embeddings of another length replaced them all. */
  async #open(people: readonly EnrolledPerson[]): Promise<void> {
    const { network, embeddingLength, openIndex } = this.#options;
    if (this.#index && embeddingLength !== undefined) return;
    const samples = people.flatMap((person) => person.samples.filter((sample) => sample.network === network));
    if (samples.length === 0 || samples.some(({ embedding }) => embedding.length === this.#length)) return;
    await this.#index?.close();
    this.#known.clear();
    this.#length = embeddingLength ?? commonestLength(samples);
    this.#index = openIndex(this.#transformed(new Float32Array(this.#length)).length);
  }

  #refuse({ photo, embedding }: Sample): EnrolmentProblem | null {
    const reason = embeddingFault(embedding, this.#length);
    return reason === null ? null : { photo, code: 'EMBEDDING_INVALID', reason };
  }
}

function isSame(before: Known, name: string, samples: readonly Sample[]): boolean {
  return (
    before.name === name &&
    before.embeddings.length === samples.length &&
    samples.every(({ embedding }, at) => embedding === before.embeddings[at])
  );
}

function commonestLength(samples: readonly Sample[]): number {
  const counts = new Map<number, number>();
  for (const { embedding } of samples) counts.set(embedding.length, (counts.get(embedding.length) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0])[0];
}

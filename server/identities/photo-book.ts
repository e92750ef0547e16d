import { stat } from 'node:fs/promises';
import type { Clock } from '../base/clock.js';
import { asGatehouseError, GatehouseError } from '../base/errors.js';
import { embeddingInvalid } from './gallery-index.js';
import { enrol, readPhoto, type RecognisePhoto } from './enrol.js';
import type { PhotoOutcome } from './gather-people.js';
import { endingOf, type PhotoFile } from './list-photos.js';
import type { EnrolledPerson, Sample } from './person.js';
import { embeddingFault } from './sound-embedding.js';

/** A photo that could not be enrolled, or something else that keeps people from being enrolled. */
export interface EnrolmentProblem {
  /** Path below its people folder; the folder or the store where it is not about one photo. */
  photo: string;
  code: string;
  /** In the operator's words. */
  reason: string;
}

export interface PhotoVerdict {
  outcome: PhotoOutcome;
  problem: EnrolmentProblem | null;
  /** Whether the problem is one that was not told before. */
  isNews: boolean;
  /** Whether the photo may still be being written and should be looked at again soon. */
  soonAgain: boolean;
}

export interface PhotoBookOptions {
  recognise: RecognisePhoto;
  network: string;
  /** Numbers of an embedding of that network, where that is known. */
  embeddingLength?: number | undefined;
  minFace: number;
  clock: Clock;
  /** A photo written to within this time may not be complete yet, ms. */
  freshMs: number;
}

/**
 * What is known about photos, so that each is embedded and refused once: embeddings by the photo's SHA-256,
 * refusals by path and SHA-256.
 */
export class PhotoBook {
  readonly #options: PhotoBookOptions;
  readonly #samples = new Map<string, Sample[]>();
  readonly #refusals = new Map<string, { sha256: string; problem: EnrolmentProblem }>();
  /** By path; good for as long as the file's stamp stays the same. */
  readonly #hashes = new Map<string, { stamp: string; sha256: string }>();

  constructor(options: PhotoBookOptions, people: readonly EnrolledPerson[]) {
    this.#options = options;
    for (const { samples } of people) for (const sample of samples) this.#remember(sample);
  }

  /** What can be told without embedding; null where the photo has to be embedded. */
  async look(file: PhotoFile): Promise<PhotoVerdict | null> {
    try {
      if (!file.readable) {
        const message = `${endingOf(file.photo).toUpperCase()} pictures cannot be read; save it as JPEG`;
        throw new GatehouseError('PHOTO_UNREADABLE', message, 'Save it as JPEG.');
      }
      const sha256 = await this.#hash(file.path);
      const samples = this.#samples.get(sha256) ?? [];
      if (samples.some((sample) => this.#counts(sample))) return enrolled(samples);
      const refusal = this.#refusals.get(file.path);
      if (refusal?.sha256 === sha256)
        return { outcome: 'refused', problem: refusal.problem, isNews: false, soonAgain: false };
      return null;
    } catch (thrown) {
      return this.#refuse(file, '', thrown);
    }
  }

  /** Embeds a photo. */
  async enrol(file: PhotoFile): Promise<PhotoVerdict> {
    let sha256 = '';
    try {
      const { network, clock } = this.#options;
      const photo = await readPhoto(file.path);
      ({ sha256 } = photo);
      const embedding = await enrol(photo.bytes, this.#options);
      const fault = embeddingFault(embedding, this.#options.embeddingLength ?? null);
      if (fault !== null) throw embeddingInvalid(fault);
      const enrolledAt = new Date(clock.wall()).toISOString();
      return enrolled(this.#remember({ photo: file.photo, sha256, network, embedding, enrolledAt }));
    } catch (thrown) {
      return await this.#refuse(file, sha256, thrown);
    }
  }

  /** Forgets what belongs to photos that are gone: a removed person's embeddings leave the memory too. */
  keepOnly(files: readonly PhotoFile[], people: readonly EnrolledPerson[]): void {
    const paths = new Set(files.map((file) => file.path));
    for (const path of this.#refusals.keys()) if (!paths.has(path)) this.#refusals.delete(path);
    for (const path of this.#hashes.keys()) if (!paths.has(path)) this.#hashes.delete(path);
    const used = new Set([...this.#hashes.values()].map(({ sha256 }) => sha256));
    for (const { samples } of people) for (const sample of samples) used.add(sample.sha256);
    for (const sha256 of this.#samples.keys()) if (!used.has(sha256)) this.#samples.delete(sha256);
  }

  async #refuse(file: PhotoFile, sha256: string, thrown: unknown): Promise<PhotoVerdict> {
    const { code, message } = asGatehouseError(thrown);
    const problem = { photo: file.photo, code, reason: message };
    if (code === 'PHOTO_CORRUPT' && (await this.#isFresh(file.path))) {
      return { outcome: 'undecided', problem: null, isNews: false, soonAgain: true };
    }
    const told = this.#refusals.get(file.path);
    const isNews = told?.sha256 !== sha256 || told.problem.reason !== message;
    this.#refusals.set(file.path, { sha256, problem });
    if (!code.startsWith('PHOTO_')) {
      // The engine's fault, not the photo's: it is tried again at every look.
      this.#refusals.set(file.path, { sha256: '', problem });
      return { outcome: 'undecided', problem, isNews: false, soonAgain: false };
    }
    // Without a hash its bytes were not seen: what was enrolled from it before stays.
    return {
      outcome: sha256 === '' && file.readable ? 'undecided' : 'refused',
      problem,
      isNews,
      soonAgain: false,
    };
  }

  async #hash(path: string): Promise<string> {
    const stats = await stat(path).catch(() => null);
    const stamp = stats ? `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}` : '';
    const known = this.#hashes.get(path);
    if (stats && known?.stamp === stamp) return known.sha256;
    const { sha256 } = await readPhoto(path);
    this.#hashes.set(path, { stamp, sha256 });
    return sha256;
  }

  async #isFresh(path: string): Promise<boolean> {
    const age = this.#options.clock.wall() - ((await stat(path).catch(() => null))?.mtimeMs ?? 0);
    return age >= 0 && age < this.#options.freshMs;
  }

  /** Whether a sample is one of the network: what it is no longer like is embedded anew. */
  #counts({ network, embedding }: Sample): boolean {
    const { embeddingLength = null } = this.#options;
    return network === this.#options.network && embeddingFault(embedding, embeddingLength) === null;
  }

  #remember(sample: Sample): Sample[] {
    const others = (this.#samples.get(sample.sha256) ?? []).filter((s) => s.network !== sample.network);
    const samples = [...others, sample];
    this.#samples.set(sample.sha256, samples);
    return samples;
  }
}

function enrolled(samples: Sample[]): PhotoVerdict {
  return { outcome: samples, problem: null, isNews: false, soonAgain: false };
}

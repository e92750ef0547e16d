import type { Observable } from 'rxjs';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { IdentityChange } from './changes.js';
import type { RecognisePhoto } from './enrol.js';
import type { GalleryOptions } from './gallery.js';
import type { Match } from './match.js';
import type { Person } from './person.js';
import type { EnrolmentProblem } from './photo-book.js';
import type { PeopleStore } from './store.js';

export interface IdentitiesOptions {
  /** People folders; of two that name the same person, the photos of both count. */
  folders: readonly string[];
  store: PeopleStore;
  recognise: RecognisePhoto;
  /** Name of the network that `recognise` embeds with. */
  network: string;
  /** Numbers of an embedding of that network; left out: as many as most of its samples have. */
  embeddingLength?: number;
  /** A learned projection, which every sample and every probe goes through; the store keeps what it was before. */
  transform?: GalleryOptions['transform'];
  /** Opens the gallery's index for embeddings of `length` numbers; left out: one that compares one by one. */
  openIndex?: GalleryOptions['openIndex'];
  /** Width of face that a photo needs, pixels. */
  minFace: number;
  clock: Clock;
  log: Log;
  /** Photos that are embedded at once. */
  concurrency?: number;
  /** A file is taken as complete once its size has stayed the same for this long, ms. */
  settleMs?: number;
  /** The folders are looked at anew this often even without a sign of change, ms. */
  rescanMs?: number;
}

/** One entry of the people that are enrolled. */
export interface PersonPhotos extends Person {
  photos: { photo: string; enrolledAt: string }[];
}

/** Photos that are being embedded now; both are 0 when nothing is under way. */
export interface EnrolmentProgress {
  done: number;
  total: number;
}

/** The people that are known, kept in step with their photos. */
export interface Identities {
  /**
   * Who each probe is nearest to, all of them in one go; an answer each, in order. Rejects with EMBEDDING_INVALID
   * for a probe of another length than the gallery's, GALLERY_FAILED where the search itself fails.
   */
  match(probes: readonly Float32Array[], threshold: number): Promise<Match[]>;
  /** How the gallery is searched, for /health and the log. */
  readonly gallery: {
    readonly description: string;
    readonly samples: number;
    /** People who have a sample in it. */
    readonly people: number;
    /** In the operator's words; null while all is well. */
    readonly problem: string | null;
  };
  people(): PersonPhotos[];
  problems(): EnrolmentProblem[];
  /** Told once the store has it. What happens before the first subscription is kept for it. */
  readonly changes: Observable<IdentityChange>;
  readonly progress: Observable<EnrolmentProgress>;
  /** The folders have been looked at once: whoever can be enrolled is. Never rejects. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

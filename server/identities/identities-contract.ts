import type { Observable } from 'rxjs';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { IdentityChange } from './changes.js';
import type { RecognisePhoto } from './enrol.js';
import type { Gallery } from './gallery.js';
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
  /** Puts embeddings into the space that they are compared in; the store keeps them as the network made them. */
  transform?: (embedding: Float32Array) => Float32Array;
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
  match(probe: Float32Array, threshold: number): Match;
  gallery(): Gallery;
  people(): PersonPhotos[];
  problems(): EnrolmentProblem[];
  /** Told once the store has it. What happens before the first subscription is kept for it. */
  readonly changes: Observable<IdentityChange>;
  readonly progress: Observable<EnrolmentProgress>;
  /** The folders have been looked at once: whoever can be enrolled is. Never rejects. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

import { BehaviorSubject, Observable, Subject, Subscription } from 'rxjs';
import { asGatehouseError } from '../base/errors.js';
import { changesBetween, type IdentityChange } from './changes.js';
import { buildGallery, type Gallery } from './gallery.js';
import { gatherPeople, type PhotoOutcome } from './gather-people.js';
import type {
  EnrolmentProgress,
  Identities,
  IdentitiesOptions,
  PersonPhotos,
} from './identities-contract.js';
import { listPhotos, type PhotoFile } from './list-photos.js';
import { match, type Match } from './match.js';
import type { EnrolledPerson } from './person.js';
import { PhotoBook, type EnrolmentProblem, type PhotoVerdict } from './photo-book.js';
import { watchFolders } from './watch-folders.js';

/** People are put into the store this often while many photos are embedded, ms: a kill then costs little. */
const COMMIT_EVERY = 2_000;
/** A store that could not be written is tried again after this, ms. */
const RETRY_STORE = 5_000;

interface Look {
  file: PhotoFile;
  outcome: PhotoOutcome;
}

/** People kept in step with their folders; see openIdentities. */
export class FolderIdentities implements Identities {
  readonly progress = new BehaviorSubject<EnrolmentProgress>({ done: 0, total: 0 });
  readonly ready: Promise<void>;
  readonly #options: Required<IdentitiesOptions>;
  readonly #book: PhotoBook;
  readonly #changes = new Subject<IdentityChange>();
  #untold: IdentityChange[] | null = [];
  #people: readonly EnrolledPerson[];
  #gallery: Gallery;
  readonly #lasting: readonly EnrolmentProblem[];
  /** Of the latest pass. */
  #problems: EnrolmentProblem[] = [];
  #storeProblem: EnrolmentProblem | null = null;
  #again = false;
  #running: Promise<void> | null = null;
  #commits: Promise<void> = Promise.resolve();
  #closed = false;
  readonly #timers = new Subscription();

  constructor(options: IdentitiesOptions, people: EnrolledPerson[], lasting: EnrolmentProblem[]) {
    this.#options = {
      concurrency: 2,
      settleMs: 500,
      rescanMs: 60_000,
      transform: (embedding) => embedding,
      ...options,
    };
    const { folders, clock, network, transform, settleMs, rescanMs, log } = this.#options;
    this.#book = new PhotoBook({ ...this.#options, freshMs: settleMs * 2 }, people);
    this.#people = people;
    this.#gallery = buildGallery(people, network, transform);
    this.#lasting = lasting;
    const onError = (err: unknown) =>
      log.warn(
        { err },
        `the people folders cannot be watched; they are looked at every ${rescanMs / 1000} s`,
      );
    const changed = watchFolders(folders, { scheduler: clock.scheduler, settleMs, rescanMs, onError });
    this.#timers.add(changed.subscribe(() => void this.#look()));
    this.ready = this.#look();
  }

  get changes(): Observable<IdentityChange> {
    return new Observable((subscriber) => {
      const untold = this.#untold ?? [];
      this.#untold = null;
      for (const change of untold) subscriber.next(change);
      return this.#changes.subscribe(subscriber);
    });
  }

  match(probe: Float32Array, threshold: number): Match {
    return match(this.#gallery, this.#options.transform(probe), threshold);
  }

  gallery(): Gallery {
    return this.#gallery;
  }

  people(): PersonPhotos[] {
    const { network } = this.#options;
    return this.#people
      .map(({ id, name, samples }) => ({
        id,
        name,
        photos: samples
          .filter((sample) => sample.network === network)
          .map(({ photo, enrolledAt }) => ({ photo, enrolledAt })),
      }))
      .filter(({ photos }) => photos.length > 0);
  }

  problems(): EnrolmentProblem[] {
    return [...this.#lasting, ...(this.#storeProblem ? [this.#storeProblem] : []), ...this.#problems];
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timers.unsubscribe();
    await this.#running;
    this.#changes.complete();
    this.progress.complete();
  }

  /** One pass after the other; a change during one asks for another. */
  #look(): Promise<void> {
    this.#again = true;
    this.#running ??= (async () => {
      while (this.#takeRequest()) {
        try {
          await this.#pass();
        } catch (err) {
          this.#options.log.error({ err }, 'looking through the people folders failed');
        }
      }
      this.#running = null;
    })();
    return this.#running;
  }

  #takeRequest(): boolean {
    const wanted = this.#again && !this.#closed;
    this.#again = false;
    return wanted;
  }

  #lookAfter(delayMs: number): void {
    this.#timers.add(this.#options.clock.scheduler.schedule(() => void this.#look(), delayMs));
  }

  async #pass(): Promise<void> {
    const { clock, concurrency, settleMs } = this.#options;
    const problems: EnrolmentProblem[] = [];
    const { looks, complete } = await this.#list(problems);
    const again = { soon: false };
    const settle = (look: Look, verdict: PhotoVerdict) => {
      look.outcome = verdict.outcome;
      if (verdict.problem) problems.push(verdict.problem);
      if (verdict.problem && verdict.isNews) this.#tellRefused(verdict.problem);
      again.soon ||= verdict.soonAgain;
    };
    const todo: Look[] = [];
    for (const look of looks) {
      if (this.#closed) return;
      const verdict = await this.#book.look(look.file);
      if (verdict) settle(look, verdict);
      else todo.push(look);
    }
    await this.#commit(looks, complete);

    const total = todo.length;
    let done = 0;
    let committed = clock.monotonic();
    if (total > 0) this.progress.next({ done, total });
    const work = async () => {
      for (let look = todo.shift(); look && !this.#closed; look = todo.shift()) {
        settle(look, await this.#book.enrol(look.file));
        done += 1;
        this.progress.next({ done, total });
        if (clock.monotonic() - committed < COMMIT_EVERY) continue;
        committed = clock.monotonic();
        await this.#commit(looks, complete);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    await this.#commit(looks, complete);
    this.#book.keepOnly(
      looks.map(({ file }) => file),
      this.#people,
    );
    this.#problems = problems.sort((a, b) => (a.photo < b.photo ? -1 : 1));
    if (total > 0) this.progress.next({ done: 0, total: 0 });
    if (again.soon) this.#lookAfter(settleMs);
  }

  async #list(problems: EnrolmentProblem[]): Promise<{ looks: Look[]; complete: boolean }> {
    const looks: Look[] = [];
    let complete = true;
    for (const folder of this.#options.folders) {
      try {
        for (const file of await listPhotos(folder)) looks.push({ file, outcome: 'undecided' });
      } catch (thrown) {
        complete = false;
        const { code, message } = asGatehouseError(thrown);
        problems.push({ photo: folder, code, reason: message });
      }
    }
    return { looks, complete };
  }

  /** Writes the people down, then knows them, then tells: in this order, one commit after the other. */
  #commit(looks: readonly Look[], complete: boolean): Promise<void> {
    this.#commits = this.#commits.then(async () => {
      const { store, network, transform, log } = this.#options;
      const people = gatherPeople(
        looks.map(({ file, outcome }) => ({ file, outcome })),
        this.#people,
        complete,
      );
      if (isSame(people, this.#people)) {
        this.#storeProblem = null;
        return;
      }
      try {
        await store.write(people);
        this.#storeProblem = null;
      } catch (thrown) {
        const { code, message, remedy } = asGatehouseError(thrown);
        if (!this.#storeProblem)
          log.error({ code, err: thrown }, `${message}: nobody can be enrolled. ${remedy}`);
        this.#storeProblem = { photo: 'people.json', code, reason: message };
        this.#lookAfter(RETRY_STORE);
        return;
      }
      const changes = changesBetween(this.#people, people, network);
      this.#people = people;
      this.#gallery = buildGallery(people, network, transform);
      for (const change of changes) {
        if (change.type !== 'photo.refused')
          log.info({ person: change.person.id, photos: change.photos }, change.type);
        this.#tell(change);
      }
    });
    return this.#commits;
  }

  #tellRefused(problem: EnrolmentProblem): void {
    this.#options.log.warn({ photo: problem.photo, code: problem.code }, `photo refused: ${problem.reason}`);
    this.#tell({ type: 'photo.refused', ...problem });
  }

  #tell(change: IdentityChange): void {
    if (this.#untold) this.#untold.push(change);
    else this.#changes.next(change);
  }
}

function isSame(a: readonly EnrolledPerson[], b: readonly EnrolledPerson[]): boolean {
  const summary = (people: readonly EnrolledPerson[]) =>
    JSON.stringify(
      people.map(({ id, name, samples }) => [id, name, samples.map((s) => [s.photo, s.sha256, s.network])]),
    );
  return summary(a) === summary(b);
}

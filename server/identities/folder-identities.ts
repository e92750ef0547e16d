import { BehaviorSubject, Subscription, type Observable } from 'rxjs';
import { asGatehouseError } from '../base/errors.js';
import type { IdentityChange } from './changes.js';
import type { Gallery } from './gallery.js';
import { gatherPeople, type PhotoOutcome } from './gather-people.js';
import type {
  EnrolmentProgress,
  Identities,
  IdentitiesOptions,
  PersonPhotos,
} from './identities-contract.js';
import { KnownPeople } from './known-people.js';
import { listPhotos, type PhotoFile } from './list-photos.js';
import { loopIndex } from './gallery/loop-index.js';
import type { Match } from './match.js';
import type { EnrolledPerson } from './person.js';
import { PhotoBook, type EnrolmentProblem, type PhotoVerdict } from './photo-book.js';
import { watchFolders } from './watch-folders.js';

/** People are put into the store this often while many photos are embedded, ms: a kill then costs little. */
const COMMIT_EVERY = 2_000;
/** A store that could not be written is tried again after this, ms. */
const RETRY_STORE = 5_000;

const DEFAULTS = { concurrency: 2, settleMs: 500, rescanMs: 60_000, openIndex: loopIndex };

interface Look {
  file: PhotoFile;
  outcome: PhotoOutcome;
}

/** People kept in step with their folders; see openIdentities. */
export class FolderIdentities implements Identities {
  readonly progress = new BehaviorSubject<EnrolmentProgress>({ done: 0, total: 0 });
  readonly ready: Promise<void>;
  readonly #options: IdentitiesOptions & typeof DEFAULTS;
  readonly #book: PhotoBook;
  readonly #known: KnownPeople;
  readonly #lasting: readonly EnrolmentProblem[];
  /** Of the latest pass. */
  #problems: EnrolmentProblem[] = [];
  #again = false;
  #running: Promise<void> | null = null;
  #closed = false;
  readonly #timers = new Subscription();

  private constructor(options: IdentitiesOptions, people: EnrolledPerson[], lasting: EnrolmentProblem[]) {
    this.#options = { ...DEFAULTS, ...options };
    const { folders, clock, settleMs, rescanMs, log } = this.#options;
    this.#book = new PhotoBook({ ...this.#options, freshMs: settleMs * 2 }, people);
    this.#known = new KnownPeople(this.#options, people);
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

  /** Opens, and knows the people of the store. */
  static async open(
    options: IdentitiesOptions,
    people: EnrolledPerson[],
    lasting: EnrolmentProblem[],
  ): Promise<FolderIdentities> {
    const identities = new FolderIdentities(options, people, lasting);
    await identities.#known.settled;
    return identities;
  }

  get gallery(): Gallery {
    return this.#known.gallery;
  }

  get changes(): Observable<IdentityChange> {
    return this.#known.changes;
  }

  match(probes: readonly Float32Array[], threshold: number): Promise<Match[]> {
    return this.gallery.match(probes, threshold);
  }

  people(): PersonPhotos[] {
    const { network } = this.#options;
    return this.#known.all
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
    return [...this.#lasting, ...this.#known.problems, ...this.#problems];
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timers.unsubscribe();
    await this.#running;
    await this.#known.close();
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
      this.#known.all,
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

  async #commit(looks: readonly Look[], complete: boolean): Promise<void> {
    const written = await this.#known.commit((people) => gatherPeople(looks, people, complete));
    if (!written) this.#lookAfter(RETRY_STORE);
  }

  #tellRefused(problem: EnrolmentProblem): void {
    this.#options.log.warn({ photo: problem.photo, code: problem.code }, `photo refused: ${problem.reason}`);
    this.#known.tell({ type: 'photo.refused', ...problem });
  }
}

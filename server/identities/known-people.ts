import { Observable, Subject } from 'rxjs';
import { asGatehouseError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { changesBetween, type IdentityChange } from './changes.js';
import { Gallery, type GalleryOptions } from './gallery.js';
import type { EnrolledPerson } from './person.js';
import type { EnrolmentProblem } from './photo-book.js';
import type { PeopleStore } from './store.js';

export interface KnownPeopleOptions extends GalleryOptions {
  store: PeopleStore;
  log: Log;
}

/** The people that are enrolled: in the store, in the gallery, and told of, in this order. */
export class KnownPeople {
  readonly gallery: Gallery;
  readonly #options: KnownPeopleOptions;
  readonly #changes = new Subject<IdentityChange>();
  /** Null from the first subscription on. */
  #untold: IdentityChange[] | null = [];
  #people: readonly EnrolledPerson[];
  #storeProblem: EnrolmentProblem | null = null;
  /** Samples that the gallery refused, or why it could not be changed. */
  #galleryProblems: EnrolmentProblem[] = [];
  #commits: Promise<void>;

  /** @param people those of the store */
  constructor(options: KnownPeopleOptions, people: readonly EnrolledPerson[]) {
    this.#options = options;
    this.#people = people;
    this.gallery = new Gallery(options);
    this.#commits = this.#followGallery(people);
  }

  get all(): readonly EnrolledPerson[] {
    return this.#people;
  }

  /** What happens before the first subscription is kept for it. */
  get changes(): Observable<IdentityChange> {
    return new Observable((subscriber) => {
      const untold = this.#untold ?? [];
      this.#untold = null;
      for (const change of untold) subscriber.next(change);
      return this.#changes.subscribe(subscriber);
    });
  }

  get problems(): EnrolmentProblem[] {
    return [...(this.#storeProblem ? [this.#storeProblem] : []), ...this.#galleryProblems];
  }

  /**
   * Writes the people down, then knows them, then tells: one commit after the other.
   *
   * @param next what is to become of the people; called once it is this commit's turn
   * @returns false: the store could not be written, and everything is as it was before
   */
  commit(next: (people: readonly EnrolledPerson[]) => EnrolledPerson[]): Promise<boolean> {
    const commit = this.#commits.then(() => this.#commit(next(this.#people)));
    const over = () => undefined;
    this.#commits = commit.then(over, over);
    return commit;
  }

  /** Resolves once the gallery has the people of the store and of every commit so far. */
  get settled(): Promise<void> {
    return this.#commits;
  }

  tell(change: IdentityChange): void {
    if (this.#untold) this.#untold.push(change);
    else this.#changes.next(change);
  }

  async close(): Promise<void> {
    await this.#commits;
    await this.gallery.close();
    this.#changes.complete();
  }

  async #commit(people: EnrolledPerson[]): Promise<boolean> {
    const { store, network, log } = this.#options;
    if (isSame(people, this.#people)) {
      this.#storeProblem = null;
      return true;
    }
    try {
      await store.write(people);
      this.#storeProblem = null;
    } catch (thrown) {
      const { code, message, remedy } = asGatehouseError(thrown);
      if (!this.#storeProblem)
        log.error({ code, err: thrown }, `${message}: nobody can be enrolled. ${remedy}`);
      this.#storeProblem = { photo: 'people.json', code, reason: message };
      return false;
    }
    const changes = changesBetween(this.#people, people, network);
    await this.#followGallery(people);
    this.#people = people;
    for (const change of changes) {
      if (change.type !== 'photo.refused')
        log.info({ person: change.person.id, photos: change.photos }, change.type);
      this.tell(change);
    }
    return true;
  }

  async #followGallery(people: readonly EnrolledPerson[]): Promise<void> {
    try {
      this.#galleryProblems = await this.gallery.follow(people);
    } catch (thrown) {
      const { code, message, advice } = asGatehouseError(thrown);
      this.#options.log.error({ code, err: thrown }, `the gallery could not be changed: ${advice}`);
      this.#galleryProblems = [{ photo: 'people.json', code, reason: message }];
    }
  }
}

function isSame(a: readonly EnrolledPerson[], b: readonly EnrolledPerson[]): boolean {
  const summary = (people: readonly EnrolledPerson[]) =>
    JSON.stringify(
      people.map(({ id, name, samples }) => [id, name, samples.map((s) => [s.photo, s.sha256, s.network])]),
    );
  return summary(a) === summary(b);
}

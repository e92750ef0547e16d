import type { DeskAction, DeskState } from './desk.js';
import { emptyDesk } from './desk.js';
import { reduce } from './reduce.js';

/** Holds the one desk state and tells who listens when it has become another one. */
export class DeskStore {
  #state: DeskState = emptyDesk;
  readonly #listeners = new Set<(state: DeskState) => void>();

  get state(): DeskState {
    return this.#state;
  }

  dispatch(action: DeskAction): void {
    const next = reduce(this.#state, action);
    if (next === this.#state) return;
    this.#state = next;
    for (const listener of this.#listeners) listener(next);
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (state: DeskState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

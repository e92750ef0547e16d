/** Something that was started and can be stopped; stopping twice is harmless. */
export type Disposer = () => void | Promise<void>;

/**
 * A stack of disposers: what was started last is stopped first. Closing goes on after a failing
 * disposer and then throws what went wrong, so that one stuck part never leaves the others running.
 */
export class Scope {
  #disposers: { name: string; dispose: Disposer }[] = [];
  #closing: Promise<void> | null = null;

  /** Adds a part to be closed. Added while or after closing, it is closed at once. */
  async add(name: string, dispose: Disposer): Promise<void> {
    if (this.#closing) await dispose();
    else this.#disposers.push({ name, dispose });
  }

  close(): Promise<void> {
    // Set before the first part is closed, since that may close or add something itself.
    this.#closing ??= Promise.resolve().then(() => this.#close());
    return this.#closing;
  }

  async #close(): Promise<void> {
    const failures: Error[] = [];
    for (let part = this.#disposers.pop(); part; part = this.#disposers.pop()) {
      try {
        await part.dispose();
      } catch (cause) {
        failures.push(new Error(`closing ${part.name} failed`, { cause }));
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'not everything closed cleanly');
  }
}

import type { GreetingEvent } from '../../server/events/event.js';

/** Nobody wants to be welcomed so long after they came: older greetings are left out. Milliseconds. */
const TOO_LATE_MS = 10_000;
/** While others are being greeted, a greeting may wait its turn for so long. Milliseconds. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Greetings waiting to be said: one queue a camera, and the cameras take turns, because a desk has one pair of
 * loudspeakers and two sentences at once are understood by nobody. Times are the server's, in milliseconds.
 */
export class GreetingQueue {
  /** Cameras in the order of their turns. */
  readonly #cameras = new Map<string, GreetingEvent[]>();

  /** Lines a greeting up, unless it comes too late (caught up on after a lost connection, say). */
  add(greeting: GreetingEvent, now: number): boolean {
    if (now - Date.parse(greeting.at) > TOO_LATE_MS) return false;
    const line = this.#cameras.get(greeting.camera) ?? [];
    this.#cameras.set(greeting.camera, [...line, greeting]);
    return true;
  }

  /** Takes out the greeting whose turn it is; null where nobody waits. */
  next(now: number): GreetingEvent | null {
    this.#drop((greeting) => now - Date.parse(greeting.at) > LONGEST_WAIT_MS);
    for (const [camera, line] of this.#cameras) {
      // Taken out and put back behind the others: its next turn comes after theirs.
      this.#cameras.delete(camera);
      if (line.length > 1) this.#cameras.set(camera, line.slice(1));
      return line[0] ?? null;
    }
    return null;
  }

  /** Sound has just come on: what waited for it too long is not said any more. */
  dropLate(now: number): void {
    this.#drop((greeting) => now - Date.parse(greeting.at) > TOO_LATE_MS);
  }

  dropCamera(camera: string): void {
    this.#cameras.delete(camera);
  }

  clear(): void {
    this.#cameras.clear();
  }

  #drop(late: (greeting: GreetingEvent) => boolean): void {
    for (const [camera, line] of this.#cameras) {
      const kept = line.filter((greeting) => !late(greeting));
      if (kept.length > 0) this.#cameras.set(camera, kept);
      else this.#cameras.delete(camera);
    }
  }
}

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Health } from '../../server/events/desk.js';
import type { DeskClock } from '../clock.js';

export interface HeartbeatOptions {
  clock: DeskClock;
  /** GET /health, given up after that many milliseconds with a `TimeoutError`. */
  ask: (timeoutMs: number) => Promise<Health>;
  onHealth: (health: Health) => void;
  onSilence: () => void;
}

const EVERY_MS = 1_000;
/** A server that has said nothing for so long is silent. One that is busy may take more than a second for an answer. */
const SILENCE_MS = 2_400;
/** A timer that is so late was held up with the whole page: what the server said meanwhile is still to be read. */
const LATE_MS = 500;

/**
 * Asks the server for its health every second, whether or not it has answered the last time; a browser's WebSocket alone
 * does not notice a pulled cable.
 */
export class Heartbeat implements ReactiveController {
  readonly #options: HeartbeatOptions;
  #cancelBeat: (() => void) | null = null;
  #cancelWatch: (() => void) | null = null;
  #round = 0;

  constructor(host: ReactiveControllerHost, options: HeartbeatOptions) {
    this.#options = options;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.stop();
  }

  start(): void {
    this.stop();
    this.#watch();
    this.#beat();
  }

  stop(): void {
    this.#round += 1;
    this.#cancelBeat?.();
    this.#cancelWatch?.();
    this.#cancelBeat = this.#cancelWatch = null;
  }

  /** The server said something, be it no answer. */
  heard(): void {
    if (this.#cancelWatch !== null) this.#watch();
  }

  #beat(): void {
    void this.#ask(this.#round);
    this.#cancelBeat = this.#options.clock.after(EVERY_MS, () => this.#beat());
  }

  async #ask(round: number): Promise<void> {
    try {
      const health = await this.#options.ask(SILENCE_MS);
      if (round !== this.#round) return;
      this.#watch();
      this.#options.onHealth(health);
    } catch (error) {
      // An answer that is late is no silence: another may have come since.
      const isLate = error instanceof DOMException && error.name === 'TimeoutError';
      if (!isLate && round === this.#round) this.#options.onSilence();
    }
  }

  /** From now on the server may be silent for as long as it may be. */
  #watch(): void {
    const { clock, onSilence } = this.#options;
    const due = clock.now() + SILENCE_MS;
    this.#cancelWatch?.();
    this.#cancelWatch = clock.after(SILENCE_MS, () => {
      this.#watch();
      if (clock.now() - due < LATE_MS) onSilence();
    });
  }
}

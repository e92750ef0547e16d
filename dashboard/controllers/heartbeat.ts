import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Health } from '../../server/events/desk.js';
import type { DeskClock } from '../clock.js';

export interface HeartbeatOptions {
  clock: DeskClock;
  /** GET /health, given up after that many milliseconds. */
  ask: (timeoutMs: number) => Promise<Health>;
  onHealth: (health: Health) => void;
  onSilence: () => void;
}

const EVERY_MS = 1_000;
/** A silence is noticed at the latest EVERY_MS + TIMEOUT_MS after it began. */
const TIMEOUT_MS = 1_000;

/** Asks the server for its health every second; a browser's WebSocket alone does not notice a pulled cable. */
export class Heartbeat implements ReactiveController {
  readonly #options: HeartbeatOptions;
  #cancel: (() => void) | null = null;
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
    void this.#beat(this.#round);
  }

  stop(): void {
    this.#round += 1;
    this.#cancel?.();
    this.#cancel = null;
  }

  async #beat(round: number): Promise<void> {
    try {
      const health = await this.#options.ask(TIMEOUT_MS);
      if (round === this.#round) this.#options.onHealth(health);
    } catch {
      if (round === this.#round) this.#options.onSilence();
    }
    if (round !== this.#round) return;
    this.#cancel = this.#options.clock.after(EVERY_MS, () => void this.#beat(round));
  }
}

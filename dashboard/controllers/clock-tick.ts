import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { DeskClock } from '../clock.js';

/** Has its host rendered at the beginning of every second. */
export class ClockTick implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #clock: DeskClock;
  #cancel: (() => void) | null = null;

  constructor(host: ReactiveControllerHost, clock: DeskClock) {
    this.#host = host;
    this.#clock = clock;
    host.addController(this);
  }

  hostConnected(): void {
    this.#arm();
  }

  hostDisconnected(): void {
    this.#cancel?.();
  }

  #arm(): void {
    this.#cancel = this.#clock.after(1_000 - (this.#clock.now() % 1_000), () => {
      this.#host.requestUpdate();
      this.#arm();
    });
  }
}

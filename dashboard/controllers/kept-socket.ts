import type { DeskClock } from '../clock.js';
import { backoff } from './backoff.js';

export interface KeptSocketOptions {
  clock: DeskClock;
  open: () => WebSocket;
  onMessage: (data: ArrayBuffer | string) => void;
  /** It broke, or is not wanted any more. */
  onClose?: () => void;
}

/** A WebSocket that is opened anew when it breaks, as long as it is wanted. */
export class KeptSocket {
  readonly #options: KeptSocketOptions;
  #socket: WebSocket | null = null;
  #tries = 0;
  #cancelTry: (() => void) | null = null;

  constructor(options: KeptSocketOptions) {
    this.#options = options;
  }

  /** Whether it is open, or on the way to be. */
  get busy(): boolean {
    return this.#socket !== null;
  }

  /** Opens it unless it is open; a try that waits for its time is made at once. */
  open(): void {
    if (this.#socket !== null) return;
    this.#cancelTry?.();
    this.#cancelTry = null;
    const socket = this.#options.open();
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      this.#tries = 0;
      this.#options.onMessage(data as ArrayBuffer | string);
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      const wait = backoff(this.#tries, Math.random());
      this.#tries += 1;
      this.#cancelTry = this.#options.clock.after(wait, () => this.open());
      this.#options.onClose?.();
    };
  }

  close(): void {
    this.#cancelTry?.();
    this.#cancelTry = null;
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    socket.onmessage = null;
    socket.close();
    this.#options.onClose?.();
  }

  /** The next try after a break comes soon again. */
  forgetTries(): void {
    this.#tries = 0;
  }
}

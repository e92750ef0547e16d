import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { GreetingEvent } from '../../server/events/event.js';
import { GreetingQueue } from './greeting-queue.js';

/** What says a greeting aloud; say() lasts as long as the sound does and rejects where nothing could be heard. */
export interface Mouth {
  unlock(): Promise<boolean>;
  say(greeting: GreetingEvent, signal: AbortSignal): Promise<void>;
}

/** off: not wanted. blocked: wanted, but the browser waits for a click. on: greetings are heard. */
export type Sound = 'off' | 'blocked' | 'on';

export interface GreetingsOptions {
  mouth: Mouth;
  /** The server's time, milliseconds since the epoch: greetings carry it. */
  now: () => number;
}

/** Says greetings one after another while sound is on, and knows what is being said. */
export class Greetings implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #options: GreetingsOptions;
  readonly #queue = new GreetingQueue();
  #muted: readonly string[] = [];
  #abort: AbortController | null = null;
  sound: Sound = 'off';
  /** What is being said this moment, for the caption. */
  saying: GreetingEvent | null = null;
  /** The last greeting could not be said; cleared by the next one that can. */
  failed = false;

  constructor(host: ReactiveControllerHost, options: GreetingsOptions) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.disable();
  }

  /** A greeting has come in: it waits its turn, and for sound, up to ten seconds after its event. */
  hear(greeting: GreetingEvent): void {
    if (this.#muted.includes(greeting.camera)) return;
    if (this.#queue.add(greeting, this.#options.now())) void this.#sayOn();
  }

  /** Asks the browser for sound. Without a click behind it the browser may refuse; the state says so. */
  async enable(): Promise<void> {
    const allowed = await this.#options.mouth.unlock();
    this.#become(allowed ? 'on' : 'blocked');
    if (!allowed) return;
    this.#queue.dropLate(this.#options.now());
    void this.#sayOn();
  }

  disable(): void {
    this.#queue.clear();
    this.skip();
    this.#become('off');
  }

  /** The browser has taken the sound away again. */
  block(): void {
    if (this.sound === 'on') this.#become('blocked');
  }

  /** Cameras that are not to be heard; one of them that speaks now falls silent. */
  mute(cameras: readonly string[]): void {
    this.#muted = cameras;
    for (const camera of cameras) this.#queue.dropCamera(camera);
    if (this.saying !== null && cameras.includes(this.saying.camera)) this.skip();
  }

  /** Stops what is being said; the next one's turn comes. */
  skip(): void {
    this.#abort?.abort();
  }

  async #sayOn(): Promise<void> {
    if (this.#abort !== null || this.sound !== 'on') return;
    const greeting = this.#queue.next(this.#options.now());
    if (greeting === null) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.saying = greeting;
    this.#host.requestUpdate();
    try {
      await this.#options.mouth.say(greeting, abort.signal);
      this.failed = false;
    } catch (error) {
      console.warn('A greeting could not be played.', error);
      this.failed = true;
      if (error instanceof DOMException && error.name === 'NotAllowedError') this.block();
    }
    this.#abort = null;
    this.saying = null;
    this.#host.requestUpdate();
    void this.#sayOn();
  }

  #become(sound: Sound): void {
    this.sound = sound;
    this.#host.requestUpdate();
  }
}

import type { ReactiveController, ReactiveControllerHost } from 'lit';

export type Theme = 'auto' | 'dark' | 'light';

export interface Choices {
  theme: Theme;
  /** Whether greetings are wanted; the browser still needs a click after every load. */
  sound: boolean;
  /** 0..1 */
  volume: number;
  /** Cameras whose greetings are not spoken here. */
  muted: readonly string[];
}

const KEY = 'gatehouse.preferences';
const defaults: Choices = { theme: 'auto', sound: false, volume: 0.8, muted: [] };

/** What somebody chose on this browser, kept in localStorage where there is one. */
export class Preferences implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  choices: Choices = defaults;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
    this.choices = { ...defaults, ...read() };
    this.#paint();
  }

  hostConnected(): void {
    this.#paint();
  }

  choose(change: Partial<Choices>): void {
    this.choices = { ...this.choices, ...change };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.choices));
    } catch {
      // Private windows may refuse storage: the choice then lasts until the page is closed.
    }
    this.#paint();
    this.#host.requestUpdate();
  }

  #paint(): void {
    const { theme } = this.choices;
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }
}

function read(): Partial<Choices> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Choices>;
  } catch {
    return {};
  }
}

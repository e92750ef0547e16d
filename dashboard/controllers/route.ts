import type { ReactiveController, ReactiveControllerHost } from 'lit';

export const views = ['desk', 'people', 'cameras'] as const;
export type View = (typeof views)[number];

/** Which view the address names: `#/people`. */
export class Route implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #onHash = () => this.#host.requestUpdate();

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get view(): View {
    const name = location.hash.replace(/^#\//, '');
    return views.find((view) => view === name) ?? 'desk';
  }

  hostConnected(): void {
    window.addEventListener('hashchange', this.#onHash);
  }

  hostDisconnected(): void {
    window.removeEventListener('hashchange', this.#onHash);
  }
}

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ServerRefused } from '../server.js';
import type { Server } from '../server.js';

/** The token is asked for only once the server has said 401. */
export type SessionState = 'open' | 'signed-out';

/** The cookie cannot be read from here; this only says that there has been one. */
const GUARDED = 'gatehouse.guarded';

/** Whether this browser may look: turned by 401 answers, by signing in and by signing out. */
export class Session implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #server: () => Server;
  readonly #onChange: (state: SessionState) => void;
  state: SessionState = 'open';
  /** Whether a token was asked for, so that signing out means something. */
  guarded = false;
  /** Why the last try to sign in failed: the token was wrong, or the server could not be asked. */
  failure: 'wrong-token' | 'unreachable' | null = null;
  busy = false;

  constructor(host: ReactiveControllerHost, server: () => Server, onChange: (state: SessionState) => void) {
    this.#host = host;
    this.#server = server;
    this.#onChange = onChange;
    this.guarded = localStorage.getItem(GUARDED) === 'yes';
    host.addController(this);
  }

  hostConnected(): void {
    // Nothing to begin: the first 401 does.
  }

  refused(): void {
    if (this.state === 'signed-out') return;
    this.#become('signed-out');
  }

  async signIn(token: string): Promise<void> {
    this.busy = true;
    this.failure = null;
    this.#host.requestUpdate();
    try {
      await this.#server().send('POST', 'api/session', { token });
      this.busy = false;
      this.guarded = true;
      localStorage.setItem(GUARDED, 'yes');
      this.#become('open');
    } catch (error) {
      const wrong = error instanceof ServerRefused && error.status === 401;
      this.failure = wrong ? 'wrong-token' : 'unreachable';
    } finally {
      this.busy = false;
      this.#host.requestUpdate();
    }
  }

  async signOut(): Promise<void> {
    await this.#server().send('DELETE', 'api/session');
    this.failure = null;
    this.#become('signed-out');
  }

  #become(state: SessionState): void {
    this.state = state;
    this.#host.requestUpdate();
    this.#onChange(state);
  }
}

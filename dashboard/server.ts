import type { Problem } from '../server/events/desk.js';
import type { DeskClock } from './clock.js';

/** The server answered, and the answer was no. `code` is stable: docs/errors.md. */
export class ServerRefused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.code = problem.code ?? 'HTTP_ERROR';
  }
}

export interface ServerOptions {
  clock: DeskClock;
  /** Where the desk was loaded from; every path of the server is below it. */
  base: string;
  /** Called whenever an answer is 401. */
  onUnauthorised: () => void;
}

/** How far a clock may be off before it is believed to be: the Date header counts whole seconds. */
const SKEW_MS = 2_000;

/** The server as the desk speaks to it: requests, addresses, and its time of day. */
export class Server {
  readonly #options: ServerOptions;
  #skew = 0;

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  /** The server's time, milliseconds since the epoch, to about a second; events carry its time, not the browser's. */
  now(): number {
    return this.#options.clock.now() + this.#skew;
  }

  /** The address of a path of this server; `/api/cameras` and `api/cameras` are the same. */
  url(path: string): string {
    return new URL(path.replace(/^\//, ''), this.#options.base).href;
  }

  socketUrl(path: string): string {
    return this.url(path).replace(/^http/, 'ws');
  }

  async get<T>(path: string, timeoutMs = 10_000): Promise<T> {
    const answer = await this.#ask(path, { signal: AbortSignal.timeout(timeoutMs) });
    return (await answer.json()) as T;
  }

  /** The bytes of a sound, or whatever else lies at `path`. */
  async bytes(path: string): Promise<ArrayBuffer> {
    return await (await this.#ask(path, { signal: AbortSignal.timeout(10_000) })).arrayBuffer();
  }

  async send(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    await this.#ask(path, body === undefined ? { method } : { method, headers, body: JSON.stringify(body) });
  }

  async #ask(path: string, init: RequestInit): Promise<Response> {
    const answer = await fetch(this.url(path), { credentials: 'same-origin', cache: 'no-store', ...init });
    this.#readClock(answer.headers.get('date'));
    if (answer.ok) return answer;
    const problem = (await answer.json().catch(() => ({}))) as Partial<Problem>;
    if (answer.status === 401) this.#options.onUnauthorised();
    throw new ServerRefused(answer.status, problem);
  }

  #readClock(date: string | null): void {
    if (date === null) return;
    const skew = Date.parse(date) + 500 - this.#options.clock.now();
    if (Number.isFinite(skew)) this.#skew = Math.abs(skew) > SKEW_MS ? skew : 0;
  }
}

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { CameraInfo, Health, PersonInfo, PhotoProblem } from '../../server/events/desk.js';
import type { GatehouseEvent, VisitEvent } from '../../server/events/event.js';
import type { DeskClock } from '../clock.js';
import type { Server } from '../server.js';
import { ServerRefused } from '../server.js';
import type { DeskStore } from '../state/store.js';
import { backoff } from './backoff.js';
import { EventFeed } from './event-feed.js';
import { Heartbeat } from './heartbeat.js';

export interface DeskDataOptions {
  clock: DeskClock;
  server: Server;
  store: DeskStore;
  /** Every event of the feed, once, in order; also those that were missed and are caught up on. */
  onEvent: (event: GatehouseEvent) => void;
}

const CAMERAS_EVERY_MS = 5_000;
/** A folder of photos is enrolled photo by photo: one look at the list after the last of them is enough. */
const PEOPLE_SETTLE_MS = 400;
/** A file that is edited is often saved several times. */
const CONFIG_SETTLE_MS = 100;

/** Keeps the store in step with the server: loads the lists, follows the feed, and asks again after every loss. */
export class DeskData implements ReactiveController {
  readonly feed: EventFeed;
  readonly #options: DeskDataOptions;
  readonly #host: ReactiveControllerHost;
  readonly #heartbeat: Heartbeat;
  #round = 0;
  #cancels = new Map<string, () => void>();
  #unsubscribe: (() => void) | null = null;
  /** Why the first load has not come through; null while it is under way or done. */
  unreachable = false;

  constructor(host: ReactiveControllerHost, options: DeskDataOptions) {
    this.#options = options;
    this.#host = host;
    const { clock, server, store } = options;
    host.addController(this);
    this.feed = new EventFeed(host, {
      clock,
      random: Math.random,
      open: (since) => new WebSocket(server.socketUrl(`ws/events?since=${since}`)),
      onMessage: () => this.#heartbeat.heard(),
      onEvent: (event) => this.#apply(event),
      onGap: (gap) => {
        store.dispatch({ kind: 'gap', missed: gap.missed });
        void this.#quietly(() => this.#loadVisits(false));
      },
      onResumed: () => void this.#quietly(() => this.#catchUp()),
      onRefused: () => void this.#quietly(() => server.get('health')),
    });
    this.#heartbeat = new Heartbeat(host, {
      clock,
      ask: (timeoutMs) => server.get<Health>('health', timeoutMs),
      onHealth: (health) => {
        store.dispatch({ kind: 'health', health });
        this.feed.retry();
      },
      onSilence: () => this.feed.suspect(),
    });
  }

  hostConnected(): void {
    this.#unsubscribe = this.#options.store.subscribe(() => this.#host.requestUpdate());
    addEventListener('online', this.#onOnline);
    addEventListener('offline', this.#onOffline);
  }

  hostDisconnected(): void {
    this.stop();
    this.#unsubscribe?.();
    removeEventListener('online', this.#onOnline);
    removeEventListener('offline', this.#onOffline);
  }

  /** Loads everything and follows it from there; tries until it comes through or stop() is called. */
  async start(): Promise<void> {
    this.stop();
    const round = this.#round;
    for (let tries = 0; round === this.#round; tries += 1) {
      try {
        await Promise.all([this.#loadVisits(true), this.#loadCameras(), this.#loadPeople()]);
        break;
      } catch (error) {
        if (error instanceof ServerRefused && error.status === 401) return;
        this.#say(true);
        await new Promise<void>((resolve) => this.#after('load', backoff(tries, Math.random()), resolve));
      }
    }
    if (round !== this.#round) return;
    this.#say(false);
    this.feed.start(this.#options.store.state.seq);
    this.#heartbeat.start();
    this.#pollCameras();
  }

  stop(): void {
    this.#round += 1;
    this.feed.stop();
    this.#heartbeat.stop();
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
  }

  readonly #onOnline = () => this.feed.retry();
  readonly #onOffline = () => this.feed.suspect();

  #apply(event: GatehouseEvent): void {
    this.#options.store.dispatch({ kind: 'event', event });
    this.#options.onEvent(event);
    if (
      event.type === 'person.enrolled' ||
      event.type === 'person.removed' ||
      event.type === 'photo.refused'
    ) {
      this.#after('people', PEOPLE_SETTLE_MS, () => void this.#quietly(() => this.#loadPeople()));
    }
    if (event.type === 'config.applied' || event.type === 'config.refused') {
      this.#after('config', CONFIG_SETTLE_MS, () => void this.#quietly(() => this.#loadConfigured()));
    }
  }

  /** After a loss: lists may have changed, and a server with a new journal counts from the beginning again. */
  async #catchUp(): Promise<void> {
    const { store, server } = this.#options;
    const { seq } = store.state;
    const last = await server.get<{ seq: number }>('api/visits?limit=1');
    if (last.seq < seq) await this.start();
    else await Promise.all([this.#loadCameras(), this.#loadPeople()]);
  }

  #pollCameras(): void {
    this.#after('cameras', CAMERAS_EVERY_MS, () => {
      void this.#quietly(() => this.#loadCameras());
      this.#pollCameras();
    });
  }

  async #loadVisits(anew: boolean): Promise<void> {
    const { server, store } = this.#options;
    const { seq, events } = await server.get<{ seq: number; events: VisitEvent[] }>('api/visits?limit=300');
    store.dispatch({ kind: 'visits', seq, events, anew });
  }

  async #loadCameras(): Promise<void> {
    const { server, store } = this.#options;
    store.dispatch({ kind: 'cameras', cameras: await server.get<CameraInfo[]>('api/cameras') });
  }

  /** What a changed configuration shows in: the cameras, and what is wrong with it. */
  async #loadConfigured(): Promise<void> {
    const { server, store } = this.#options;
    await this.#loadCameras();
    store.dispatch({ kind: 'health', health: await server.get<Health>('health') });
  }

  async #loadPeople(): Promise<void> {
    const { server, store } = this.#options;
    const [people, problems] = await Promise.all([
      server.get<PersonInfo[]>('api/people'),
      server.get<PhotoProblem[]>('api/people/problems'),
    ]);
    store.dispatch({ kind: 'people', people, problems });
  }

  /** For questions asked in passing: the heartbeat says whether the server answers at all, and asks again. */
  async #quietly(ask: () => Promise<unknown>): Promise<void> {
    try {
      await ask();
    } catch (error) {
      console.debug('not answered', error);
    }
  }

  #after(name: string, ms: number, act: () => void): void {
    this.#cancels.get(name)?.();
    this.#cancels.set(name, this.#options.clock.after(ms, act));
  }

  #say(unreachable: boolean): void {
    this.unreachable = unreachable;
    this.#host.requestUpdate();
  }
}

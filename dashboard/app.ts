import { html, LitElement, nothing } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { GatehouseEvent } from '../server/events/event.js';
import { appStyles } from './app.styles.js';
import { browserClock } from './clock.js';
import { ClockTick } from './controllers/clock-tick.js';
import { DeskData } from './controllers/desk-data.js';
import { Greetings } from './controllers/greetings.js';
import { livePath, type LiveChannel } from './controllers/live-picture.js';
import { BrowserMouth } from './controllers/mouth.js';
import type { Choices, Theme } from './controllers/preferences.js';
import { Preferences } from './controllers/preferences.js';
import { Route } from './controllers/route.js';
import { Session } from './controllers/session.js';
import { Speaker } from './controllers/speaker.js';
import './elements/announcer.js';
import './elements/banner.js';
import './elements/camera-list.js';
import './elements/caption.js';
import './elements/connection.js';
import './elements/here-now.js';
import './elements/navigation.js';
import './elements/people.js';
import './elements/sign-in.js';
import './elements/sound-control.js';
import './elements/theme-switch.js';
import './elements/top-bar.js';
import './elements/visit-feed.js';
import './elements/wall.js';
import * as figures from './figures.js';
import { Server } from './server.js';
import { DeskStore } from './state/store.js';
import type { Presence } from './state/who-is-here.js';
import { whoIsHere } from './state/who-is-here.js';
import { strings } from './strings.js';
import { shared } from './styles/shared.js';

/** Arrivals that are caught up on after a while are shown, but not read out. Milliseconds. */
const NEWS_MS = 10_000;

/** The desk: the only element that knows the controllers. What it learns flows down as properties. */
@customElement('gh-app')
export class GhApp extends LitElement {
  static override styles = [shared, appStyles];

  readonly #server = new Server({
    clock: browserClock,
    base: document.baseURI.replace(/[?#].*$/, ''),
    onUnauthorised: () => this.#session.refused(),
  });
  readonly #store = new DeskStore();
  readonly #preferences = new Preferences(this);
  readonly #route = new Route(this);
  readonly #data = new DeskData(this, {
    clock: browserClock,
    server: this.#server,
    store: this.#store,
    onEvent: (event) => this.#hear(event),
  });
  readonly #session: Session = new Session(
    this,
    () => this.#server,
    (state) => {
      if (state === 'open') void this.#data.start();
      else this.#data.stop();
    },
  );
  readonly #speaker = new Speaker(() => this.#greetings.block());
  readonly #mouth = new BrowserMouth(this.#server, this.#speaker);
  readonly #greetings: Greetings = new Greetings(this, { mouth: this.#mouth, now: () => this.#server.now() });

  constructor() {
    super();
    new ClockTick(this, browserClock);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#obey(this.#preferences.choices);
    addEventListener('pointerup', this.#onGesture);
    addEventListener('keyup', this.#onGesture);
    // Sound that was on the last time is on again where the browser remembers the desk; else it says "blocked".
    if (this.#preferences.choices.sound) void this.#greetings.enable();
    void this.#data.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('pointerup', this.#onGesture);
    removeEventListener('keyup', this.#onGesture);
    void this.#speaker.close();
  }

  override render() {
    if (this.#session.state === 'signed-out') return this.#renderSignIn();
    const { state } = this.#store;
    const present = whoIsHere(state.visits);
    document.title = strings.pageTitle(
      present.length,
      present.filter(({ visit }) => visit.status === 'unknown').length,
    );
    return html`
      <div class="frame">
        ${this.#renderTop()}
        <main id="content" tabindex=${this.#route.view === 'desk' ? -1 : 0} class=${this.#route.view}>
          ${this.#renderView(present)}
        </main>
        <div class="bottom">${this.#renderNavigation()}</div>
      </div>
      <gh-caption
        .greeting=${this.#greetings.saying}
        .cameraName=${this.#cameraName(this.#greetings.saying?.camera)}
        @gh-skip=${() => this.#greetings.skip()}
      ></gh-caption>
      <gh-announcer .words=${this.#news()}></gh-announcer>
    `;
  }

  #renderSignIn() {
    return html`<gh-sign-in
      .failure=${this.#session.failure}
      .busy=${this.#session.busy}
      @gh-sign-in=${(event: CustomEvent<string>) => void this.#session.signIn(event.detail)}
    ></gh-sign-in>`;
  }

  #renderTop() {
    const { link } = this.#data.feed;
    const { health, missed, readProblems } = this.#store.state;
    const unread = health?.problems.filter((problem) => !readProblems.includes(problem)) ?? [];
    // The list of cameras tells of them itself.
    const problems = this.#route.view === 'cameras' ? [] : unread;
    const { theme, volume } = this.#preferences.choices;
    return html`
      <gh-top-bar
        .now=${browserClock.now()}
        ?guarded=${this.#session.guarded}
        @gh-sign-out=${() => void this.#session.signOut()}
      >
        <a slot="skip" class="skip" href="#content" @click=${this.#skipToContent}>
          ${strings.skipToContent}
        </a>
        <div slot="navigation" class="top">${this.#renderNavigation()}</div>
        <gh-connection
          .link=${this.#data.unreachable ? 'lost' : link.state === 'off' ? 'connecting' : link.state}
          .health=${health}
        ></gh-connection>
        <gh-sound-control
          .sound=${this.#greetings.sound}
          .volume=${volume}
          .level=${() => this.#speaker.level()}
          ?speaking=${this.#greetings.saying !== null}
          ?failed=${this.#greetings.failed}
          @gh-sound=${(event: CustomEvent<boolean>) => this.#wantSound(event.detail)}
          @gh-volume=${(event: CustomEvent<number>) => this.#choose({ volume: event.detail })}
        ></gh-sound-control>
        <gh-theme-switch
          .theme=${theme}
          @gh-theme=${(event: CustomEvent<Theme>) => this.#choose({ theme: event.detail })}
        ></gh-theme-switch>
      </gh-top-bar>
      <gh-banner
        .link=${link}
        .missed=${missed}
        .problems=${problems}
        .now=${browserClock.now()}
        ?unreachable=${this.#data.unreachable}
        @gh-retry=${() => this.#data.feed.retry()}
        @gh-gap-read=${() => this.#store.dispatch({ kind: 'gap-read' })}
        @gh-problems-read=${() => this.#store.dispatch({ kind: 'problems-read' })}
      ></gh-banner>
    `;
  }

  #renderNavigation() {
    const { photoProblems, cameras, health } = this.#store.state;
    const calm = ['live', 'starting', 'stopped'];
    const down = cameras.filter(({ state }) => !calm.includes(state)).length;
    const marks = { people: photoProblems.length, cameras: down + (health?.problems.length ?? 0) };
    return html`<gh-navigation .view=${this.#route.view} .marks=${marks}></gh-navigation>`;
  }

  #renderView(present: readonly Presence[]) {
    const { loaded, visits, cameras, people, photoProblems, health } = this.#store.state;
    if (!loaded) return nothing;
    const today = figures.startOfDay(this.#server.now());
    switch (this.#route.view) {
      case 'desk':
        return html`
          <div class="glance">
            <gh-here-now
              .presences=${present}
              .cameras=${cameras}
              .now=${this.#server.now()}
              .url=${this.#url}
            ></gh-here-now>
            <gh-wall
              .cameras=${cameras}
              .muted=${this.#preferences.choices.muted}
              .open=${this.#openLive}
              ?online=${this.#data.feed.link.state === 'open'}
              @gh-mute=${(event: CustomEvent<string>) => this.#toggleMute(event.detail)}
            ></gh-wall>
          </div>
          <gh-visit-feed
            .visits=${visits}
            .cameras=${cameras}
            .today=${today}
            .url=${this.#url}
          ></gh-visit-feed>
        `;
      case 'people':
        return html`<gh-people
          .people=${people}
          .problems=${photoProblems}
          .visits=${visits}
          .cameras=${cameras}
          .today=${today}
          .url=${this.#url}
        ></gh-people>`;
      case 'cameras':
        return html`<gh-camera-list .cameras=${cameras} .health=${health}></gh-camera-list>`;
    }
  }

  readonly #url = (path: string): string => this.#server.url(path);

  readonly #openLive = (camera: string, channel: LiveChannel): WebSocket =>
    new WebSocket(this.#server.socketUrl(livePath(camera, channel)));

  /** The first click or key anywhere lets sound through that the browser has held back. */
  readonly #onGesture = (): void => {
    if (this.#preferences.choices.sound && this.#greetings.sound !== 'on') void this.#greetings.enable();
  };

  #skipToContent(event: Event): void {
    // The address belongs to the views.
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('#content')?.focus();
  }

  #hear(event: GatehouseEvent): void {
    if (event.type === 'greeting') this.#greetings.hear(event);
  }

  #news(): string {
    const { arrival } = this.#store.state;
    if (this.#data.feed.link.state === 'lost') return strings.announce.lost;
    if (arrival === null || this.#server.now() - arrival.at > NEWS_MS) return '';
    const camera = this.#cameraName(arrival.camera);
    const { recognised, unknown } = strings.announce;
    return arrival.person === null ? unknown(camera) : recognised(arrival.person.name, camera);
  }

  #cameraName(id: string | undefined): string {
    return this.#store.state.cameras.find((camera) => camera.id === id)?.name ?? id ?? '';
  }

  #wantSound(wanted: boolean): void {
    this.#preferences.choose({ sound: wanted });
    if (wanted) void this.#greetings.enable();
    else this.#greetings.disable();
  }

  #toggleMute(camera: string): void {
    const { muted } = this.#preferences.choices;
    this.#choose({
      muted: muted.includes(camera) ? muted.filter((other) => other !== camera) : [...muted, camera],
    });
  }

  #choose(change: Partial<Choices>): void {
    this.#preferences.choose(change);
    this.#obey(this.#preferences.choices);
  }

  #obey({ volume, muted }: Choices): void {
    this.#mouth.volume = volume;
    this.#speaker.volume = volume;
    this.#greetings.mute(muted);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-app': GhApp;
  }
}

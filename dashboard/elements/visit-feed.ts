import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CameraInfo } from '../../server/events/desk.js';
import type { Visit } from '../state/desk.js';
import { strings } from '../strings.js';
import { panel, shared } from '../styles/shared.js';
import './empty.js';
import './visit-card.js';

/** All visits that the desk knows, newest first. */
@customElement('gh-visit-feed')
export class GhVisitFeed extends LitElement {
  static override styles = [
    shared,
    panel,
    css`
      :host,
      section {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }

      section {
        flex: 1;
        overflow: hidden;
      }

      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--gap-s);
        padding: var(--gap-m) var(--gap-l);
      }

      .filter {
        display: flex;
        padding: 2px;
        border-radius: var(--radius-m);
        background: var(--surface-sunk);
      }

      .filter button {
        min-height: 1.75rem;
        padding: 0 0.65rem;
        border-radius: calc(var(--radius-m) - 2px);
        font-size: var(--size-xs);
      }

      .filter button[aria-pressed='true'] {
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow);
      }

      .visits {
        overflow-y: auto;
        overscroll-behavior: contain;
        scrollbar-width: thin;
      }

      .visits:focus-visible {
        outline-offset: -3px;
      }

      li {
        animation: arrive var(--calm) backwards;
      }

      @keyframes arrive {
        from {
          opacity: 0;
          translate: 0 -0.5rem;
        }
      }

      gh-empty {
        border-top: 1px solid var(--line);
      }
    `,
  ];

  @property({ attribute: false }) visits: readonly Visit[] = [];
  @property({ attribute: false }) cameras: readonly CameraInfo[] = [];
  /** The midnight that today began with, milliseconds since the epoch. */
  @property({ type: Number }) today = 0;
  @property({ attribute: false }) url: (path: string) => string = (path) => path;
  @state() private onlyUnknown = false;

  override render() {
    const unknown = this.visits.filter(({ status }) => status === 'unknown');
    const shown = this.onlyUnknown ? unknown : this.visits;
    return html`
      <section class="panel" aria-labelledby="title">
        <header>
          <h2 class="heading" id="title">${strings.feed.title}</h2>
          <div class="filter" role="group" aria-label=${strings.feed.filter}>
            ${this.#renderFilter(strings.feed.all, false)}
            ${this.#renderFilter(`${strings.feed.onlyUnknown} ${unknown.length}`, true)}
          </div>
        </header>
        ${shown.length === 0 ? this.#renderEmpty() : this.#renderList(shown)}
      </section>
    `;
  }

  #renderFilter(words: string, onlyUnknown: boolean) {
    return html`<button
      class="quiet"
      aria-pressed=${this.onlyUnknown === onlyUnknown}
      @click=${() => (this.onlyUnknown = onlyUnknown)}
    >
      ${words}
    </button>`;
  }

  #renderList(visits: readonly Visit[]) {
    const names = new Map(this.cameras.map(({ id, name }) => [id, name]));
    // A list that scrolls has to be reached by the keyboard.
    return html`
      <div class="visits" tabindex="0" role="group" aria-label=${strings.feed.list}>
        <ol role="list">
          ${repeat(
            visits,
            (visit) => visit.id,
            (visit) => html`
              <li>
                <gh-visit-card
                  .visit=${visit}
                  .today=${this.today}
                  .cameraName=${names.get(visit.camera) ?? visit.camera}
                  .src=${visit.snapshot === null ? null : this.url(visit.snapshot)}
                ></gh-visit-card>
              </li>
            `,
          )}
        </ol>
      </div>
    `;
  }

  #renderEmpty() {
    const { noUnknown, noUnknownLead, none, noneLead } = strings.feed;
    return this.onlyUnknown
      ? html`<gh-empty icon="check" heading=${noUnknown} lead=${noUnknownLead}></gh-empty>`
      : html`<gh-empty icon="person" heading=${none} lead=${noneLead}></gh-empty>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-visit-feed': GhVisitFeed;
  }
}

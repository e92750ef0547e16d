import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CameraInfo } from '../../server/events/desk.js';
import * as figures from '../figures.js';
import type { Presence } from '../state/who-is-here.js';
import { strings } from '../strings.js';
import { panel, shared } from '../styles/shared.js';
import './icon.js';
import './snapshot.js';

const signs = { recognised: 'check', unknown: 'question', pending: 'dots' } as const;

/** Who is before a camera at this moment: the answer to the first glance. */
@customElement('gh-here-now')
export class GhHereNow extends LitElement {
  static override styles = [
    shared,
    panel,
    css`
      section {
        display: flex;
        align-items: center;
        flex-wrap: wrap;
        gap: var(--gap-s) var(--gap-l);
        min-height: 4.5rem;
        padding: var(--gap-m) var(--gap-l);
      }

      .none {
        color: var(--text-soft);
        font-size: var(--size-s);
      }

      ul {
        display: flex;
        flex-wrap: wrap;
        gap: var(--gap-s);
        min-width: 0;
      }

      li {
        display: flex;
        align-items: center;
        gap: var(--gap-s);
        max-width: 100%;
        padding: 0.25rem 0.9rem 0.25rem 0.25rem;
        border: 1px solid var(--line);
        border-radius: 2rem;
        background: var(--surface-sunk);
      }

      li.unknown {
        border: 1px dashed var(--unknown-line);
        background: var(--unknown-tint);
      }

      gh-snapshot {
        width: 2.25rem;
        height: 2.25rem;
        border-radius: 50%;
      }

      .who {
        display: flex;
        align-items: center;
        gap: 0.25rem;
        font-size: var(--size-s);
        font-weight: 650;
        line-height: 1.25;
      }

      .recognised gh-icon {
        color: var(--good);
      }

      .unknown .who {
        color: var(--unknown);
      }

      .pending .who {
        color: var(--pending);
      }

      .where {
        color: var(--text-soft);
        font-size: var(--size-xs);
        line-height: 1.25;
      }

      .text {
        min-width: 0;
      }

      .name,
      .where {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      @media (max-width: 30rem) {
        section {
          padding: var(--gap-m);
        }

        .since {
          display: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) presences: readonly Presence[] = [];
  @property({ attribute: false }) cameras: readonly CameraInfo[] = [];
  /** The server's time, milliseconds since the epoch. */
  @property({ type: Number }) now = 0;
  @property({ attribute: false }) url: (path: string) => string = (path) => path;

  override render() {
    const { presences } = this;
    return html`
      <section class="panel" aria-labelledby="title">
        <h2 class="heading" id="title">
          ${strings.here.title}<span class="count">${presences.length}</span>
        </h2>
        ${
          presences.length === 0
            ? html`<p class="none">${strings.here.none}</p>`
            : html`<ul role="list">
                ${repeat(
                  presences,
                  ({ visit }) => visit.id,
                  (presence) => this.#renderPresence(presence),
                )}
              </ul>`
        }
      </section>
    `;
  }

  #renderPresence({ visit, cameras }: Presence) {
    const name =
      visit.status === 'recognised'
        ? (visit.person?.name ?? strings.here.unknown)
        : visit.status === 'unknown'
          ? strings.here.unknown
          : strings.here.pending;
    const where = cameras.map((id) => this.cameras.find((camera) => camera.id === id)?.name ?? id);
    return html`
      <li class=${visit.status}>
        <gh-snapshot .src=${visit.snapshot === null ? null : this.url(visit.snapshot)}></gh-snapshot>
        <div class="text">
          <p class="who"><gh-icon name=${signs[visit.status]}></gh-icon><span class="name">${name}</span></p>
          <p class="where">
            ${strings.here.at(where)}<span class="since">
              · ${figures.sofar(this.now - visit.startedAt)}</span
            >
          </p>
        </div>
      </li>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-here-now': GhHereNow;
  }
}

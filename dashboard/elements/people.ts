import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CameraInfo, PersonInfo, PhotoProblem } from '../../server/events/desk.js';
import * as figures from '../figures.js';
import type { Visit } from '../state/desk.js';
import { strings } from '../strings.js';
import { panel, shared } from '../styles/shared.js';
import './empty.js';
import './icon.js';
import './snapshot.js';

/** Everybody who is enrolled, and every photo that could not be. */
@customElement('gh-people')
export class GhPeople extends LitElement {
  static override styles = [
    shared,
    panel,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--gap-xl);
        align-content: start;
      }

      h2 {
        margin-bottom: var(--gap-m);
      }

      .lead {
        margin: calc(-1 * var(--gap-s)) 0 var(--gap-m);
        color: var(--text-soft);
        font-size: var(--size-s);
      }

      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
        gap: var(--gap-m);
      }

      .person {
        display: flex;
        align-items: center;
        gap: var(--gap-m);
        padding: var(--gap-m);
      }

      .person gh-snapshot {
        width: 4.5rem;
        height: 4.5rem;
      }

      .text {
        min-width: 0;
      }

      h3 {
        font-size: var(--size-m);
        font-weight: 650;
        overflow-wrap: anywhere;
      }

      .soft {
        color: var(--text-soft);
        font-size: var(--size-xs);
      }

      .here {
        color: var(--good);
        font-weight: 600;
      }

      .problem > div {
        min-width: 0;
      }

      .problem {
        display: flex;
        gap: var(--gap-m);
        padding: var(--gap-m) var(--gap-l);
      }

      .problem + .problem {
        border-top: 1px solid var(--line);
      }

      .problem gh-icon {
        margin-top: 0.15rem;
        color: var(--unknown);
      }

      .problem strong {
        font-size: var(--size-s);
        overflow-wrap: anywhere;
      }

      .problem p::first-letter {
        text-transform: uppercase;
      }

      .problem p {
        font-size: var(--size-s);
      }

      code {
        color: var(--text-soft);
        font-size: var(--size-xs);
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) people: readonly PersonInfo[] = [];
  @property({ attribute: false }) problems: readonly PhotoProblem[] = [];
  @property({ attribute: false }) visits: readonly Visit[] = [];
  @property({ attribute: false }) cameras: readonly CameraInfo[] = [];
  /** The midnight that today began with, milliseconds since the epoch. */
  @property({ type: Number }) today = 0;
  @property({ attribute: false }) url: (path: string) => string = (path) => path;

  override render() {
    return html`
      <section aria-labelledby="people">
        <h2 class="heading" id="people">
          ${strings.people.title}<span class="count">${this.people.length}</span>
        </h2>
        ${
          this.people.length === 0
            ? html`<gh-empty
                class="panel"
                icon="people"
                heading=${strings.people.none}
                lead=${strings.people.noneLead}
              ></gh-empty>`
            : html`<p class="lead">${strings.people.lead}</p>
                <ul class="grid" role="list">
                  ${repeat(
                    this.people,
                    ({ id }) => id,
                    (person) => this.#renderPerson(person),
                  )}
                </ul>`
        }
      </section>
      <section aria-labelledby="problems">
        <h2 class="heading" id="problems">
          ${strings.people.problems}<span class="count">${this.problems.length}</span>
        </h2>
        <div class="panel">${this.#renderProblems()}</div>
      </section>
    `;
  }

  #renderPerson({ id, name, photos }: PersonInfo) {
    const enrolled = photos.map(({ enrolledAt }) => enrolledAt).sort();
    const newest = enrolled.at(-1);
    // A photo that is replaced keeps its address: the time makes it a new one.
    const src = this.url(
      `api/people/${encodeURIComponent(id)}/photo.jpg?at=${encodeURIComponent(newest ?? '')}`,
    );
    return html`
      <li class="panel person">
        <gh-snapshot .src=${src} alt=${strings.people.portraitOf(name)}></gh-snapshot>
        <div class="text">
          <h3>${name}</h3>
          ${this.#renderSeen(id)}
          <p class="soft">
            ${strings.people.photos(photos.length)}${
              newest === undefined ? '' : `, ${strings.people.enrolled(figures.fullDate(Date.parse(newest)))}`
            }
          </p>
        </div>
      </li>
    `;
  }

  #renderSeen(id: string) {
    const visit = this.visits.find(({ person }) => person?.id === id);
    if (visit === undefined) return html`<p class="soft">${strings.people.notSeen}</p>`;
    const camera = this.cameras.find((one) => one.id === visit.camera)?.name ?? visit.camera;
    return visit.endedAt === null
      ? html`<p class="soft here">${strings.people.hereAt(camera)}</p>`
      : html`<p class="soft">
          ${strings.people.lastSeen(figures.when(visit.startedAt, this.today), camera)}
        </p>`;
  }

  #renderProblems() {
    if (this.problems.length === 0) {
      const { noProblems, noProblemsLead } = strings.people;
      return html`<gh-empty icon="check" heading=${noProblems} lead=${noProblemsLead}></gh-empty>`;
    }
    return html`<ul role="list">
      ${this.problems.map(
        ({ photo, code, reason }) => html`
          <li class="problem">
            <gh-icon name="alert"></gh-icon>
            <div>
              <strong>${photo}</strong>
              <p>${reason}</p>
              <code>${code}</code>
            </div>
          </li>
        `,
      )}
    </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-people': GhPeople;
  }
}

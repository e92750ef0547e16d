import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Health } from '../../server/events/desk.js';
import type { Link } from '../controllers/event-feed.js';
import { strings } from '../strings.js';
import { pill, shared } from '../styles/shared.js';
import './icon.js';

/** Whether the desk hears the server, and whether all is well there. */
@customElement('gh-connection')
export class GhConnection extends LitElement {
  static override styles = [
    shared,
    pill,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--gap-s);
        flex: none;
      }

      .health {
        border-radius: 1rem;
        text-decoration: none;
      }

      .pill {
        min-height: 1.6rem;
        padding-inline: 0.65rem;
      }

      @media (max-width: 64rem) {
        .health {
          display: none;
        }
      }

      @media (max-width: 40rem) {
        .words {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }

        .pill {
          padding-inline: 0.45rem;
        }
      }
    `,
  ];

  @property({ attribute: false }) link: Link['state'] = 'connecting';
  @property({ attribute: false }) health: Health | null = null;

  override render() {
    const { link } = this;
    const look = { open: 'good', lost: 'bad', connecting: '', off: '' }[link];
    return html`
      <span class="pill ${look}" role="status">
        <gh-icon name=${link === 'lost' ? 'unlink' : link === 'open' ? 'link' : 'wait'}></gh-icon>
        <span class="words">${strings.link[link]}</span>
      </span>
      ${link === 'open' ? this.#renderHealth() : nothing}
    `;
  }

  #renderHealth() {
    const { health } = this;
    if (health === null) return nothing;
    const live = health.cameras.filter(({ state }) => state === 'live').length;
    const look = health.status === 'ok' ? 'good' : health.status === 'degraded' ? 'unknown' : '';
    const why = [
      strings.health.cameras(live, health.cameras.length),
      ...health.problems,
      strings.health.engine(health.engine),
    ];
    return html`<a class="health" href="#/cameras" title=${why.join('\n')}>
      <span class="pill ${look}">
        <gh-icon name=${{ ok: 'check', degraded: 'alert', starting: 'wait' }[health.status]}></gh-icon>
        ${strings.health[health.status]}
      </span>
    </a>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-connection': GhConnection;
  }
}

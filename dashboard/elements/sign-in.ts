import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { Session } from '../controllers/session.js';
import { strings } from '../strings.js';
import { panel, shared } from '../styles/shared.js';
import './icon.js';

/** Asks for the token. Fires `gh-sign-in` (detail: the token). */
@customElement('gh-sign-in')
export class GhSignIn extends LitElement {
  static override styles = [
    shared,
    panel,
    css`
      :host {
        display: grid;
        place-items: center;
        min-height: 100dvh;
        padding: var(--gap-l);
      }

      form {
        display: grid;
        gap: var(--gap-l);
        width: 100%;
        max-width: 24rem;
        padding: 2rem;
        box-shadow: var(--shadow-high);
      }

      svg {
        width: 2.75rem;
        height: 2.75rem;
      }

      h1 {
        font-size: var(--size-xl);
        font-weight: 700;
        letter-spacing: -0.02em;
        line-height: 1.2;
      }

      .lead {
        color: var(--text-soft);
        font-size: var(--size-m);
      }

      label {
        display: grid;
        gap: 0.35rem;
        font-size: var(--size-s);
        font-weight: 600;
      }

      input {
        width: 100%;
        min-height: 2.75rem;
        padding: 0 var(--gap-m);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-m);
        background: var(--surface-sunk);
        color: var(--text);
        font: 400 1rem/1 var(--font);
      }

      input[aria-invalid='true'] {
        border-color: var(--bad);
      }

      .wrong {
        display: flex;
        gap: 0.4rem;
        color: var(--bad);
        font-size: var(--size-s);
      }

      button {
        min-height: 2.75rem;
        font-size: var(--size-m);
      }
    `,
  ];

  @property({ attribute: false }) failure: Session['failure'] = null;
  @property({ type: Boolean }) busy = false;
  @query('input') private input!: HTMLInputElement;

  override firstUpdated(): void {
    this.input.focus();
  }

  override render() {
    const { failure, busy } = this;
    return html`
      <main>
        <form class="panel" @submit=${this.#submit}>
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" fill="var(--accent-solid)"></rect>
            <g fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round">
              <path d="M8 25V15a8 8 0 0 1 16 0v10M11.5 25a4.5 4.5 0 0 1 9 0"></path>
            </g>
            <circle cx="16" cy="15.5" r="3" fill="#fff"></circle>
          </svg>
          <h1>${strings.session.title}</h1>
          <p class="lead">${strings.session.lead}</p>
          <label>
            ${strings.session.token}
            <input
              name="token"
              type="password"
              autocomplete="current-password"
              required
              aria-invalid=${failure === 'wrong-token'}
              aria-describedby="failure"
            />
          </label>
          <p id="failure" class="wrong" role="alert">
            ${
              failure === null
                ? nothing
                : html`<gh-icon name="alert"></gh-icon>${
                      failure === 'wrong-token' ? strings.session.wrongToken : strings.session.unreachable
                    }`
            }
          </p>
          <button class="primary" ?disabled=${busy}>
            ${busy ? strings.session.signingIn : strings.session.signIn}
          </button>
        </form>
      </main>
    `;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const detail = this.input.value.trim();
    if (detail === '') return;
    this.dispatchEvent(new CustomEvent('gh-sign-in', { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-sign-in': GhSignIn;
  }
}

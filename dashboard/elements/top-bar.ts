import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import * as figures from '../figures.js';
import { strings } from '../strings.js';
import { shared } from '../styles/shared.js';
import './icon.js';

/** The product's name, what is handed in by slots, and the clock. Fires `gh-sign-out`. */
@customElement('gh-top-bar')
export class GhTopBar extends LitElement {
  static override styles = [
    shared,
    css`
      header {
        display: flex;
        align-items: center;
        gap: var(--gap-m);
        height: var(--bar);
        padding: 0 var(--gap-xl);
        border-bottom: 1px solid var(--line);
        background: var(--surface);
      }

      .brand {
        display: flex;
        align-items: center;
        gap: 0.6rem;
        margin-right: var(--gap-s);
      }

      .brand svg {
        width: 1.75rem;
        height: 1.75rem;
      }

      h1 {
        font-size: 1.0625rem;
        font-weight: 700;
        letter-spacing: -0.015em;
      }

      .rest {
        flex: 1;
      }

      .clock {
        display: grid;
        min-width: 4.6rem;
        padding-left: var(--gap-m);
        border-left: 1px solid var(--line);
        line-height: 1.15;
        text-align: right;
      }

      .clock b {
        font-size: var(--size-m);
        font-weight: 650;
      }

      .clock span {
        color: var(--text-soft);
        font-size: var(--size-xs);
      }

      @media (max-width: 48rem) {
        header {
          gap: var(--gap-s);
          padding: 0 var(--gap-m);
        }

        .clock {
          display: none;
        }
      }

      @media (max-width: 26rem) {
        header {
          gap: 0.375rem;
        }

        .brand {
          margin-right: 0;
        }

        h1 {
          font-size: var(--size-m);
        }
      }
    `,
  ];

  /** The browser's time, milliseconds since the epoch. */
  @property({ type: Number }) now = 0;
  @property({ type: Boolean }) guarded = false;

  override render() {
    return html`
      <header>
        <slot name="skip"></slot>
        <div class="brand">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" fill="var(--accent-solid)"></rect>
            <g fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round">
              <path d="M8 25V15a8 8 0 0 1 16 0v10M11.5 25a4.5 4.5 0 0 1 9 0"></path>
            </g>
            <circle cx="16" cy="15.5" r="3" fill="#fff"></circle>
          </svg>
          <h1>${strings.product}</h1>
        </div>
        <slot name="navigation"></slot>
        <span class="rest"></span>
        <slot></slot>
        ${
          this.guarded
            ? html`<button
                class="quiet icon"
                aria-label=${strings.session.signOut}
                title=${strings.session.signOut}
                @click=${this.#signOut}
              >
                <gh-icon name="leave"></gh-icon>
              </button>`
            : nothing
        }
        <div class="clock">
          <b>${figures.clockTime(this.now)}</b>
          <span>${figures.shortDay(this.now)}</span>
        </div>
      </header>
    `;
  }

  #signOut(): void {
    this.dispatchEvent(new CustomEvent('gh-sign-out', { bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-top-bar': GhTopBar;
  }
}

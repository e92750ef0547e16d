import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Link } from '../controllers/event-feed.js';
import * as figures from '../figures.js';
import { strings } from '../strings.js';
import { shared } from '../styles/shared.js';
import './icon.js';

/**
 * What must not be overlooked: the lost connection, what the server says needs a look, and events that are gone.
 * Fires `gh-retry`, `gh-problems-read`, `gh-gap-read`.
 */
@customElement('gh-banner')
export class GhBanner extends LitElement {
  static override styles = [
    shared,
    css`
      div {
        display: flex;
        align-items: center;
        flex-wrap: wrap;
        gap: var(--gap-s) var(--gap-m);
        padding: 0.5rem var(--gap-xl);
        background: var(--bad-tint);
        box-shadow:
          inset 0 -1px 0 var(--line),
          inset 4px 0 0 var(--bad);
        color: var(--bad);
        font-size: var(--size-s);
        font-weight: 550;
      }

      div.notice {
        background: var(--unknown-tint);
        box-shadow:
          inset 0 -1px 0 var(--line),
          inset 4px 0 0 var(--unknown-line);
        color: var(--unknown);
      }

      p,
      ul {
        flex: 1 1 15rem;
        min-width: 0;
        overflow-wrap: anywhere;
      }

      /* A configuration may be wrong in several lines. */
      li {
        white-space: pre-line;
      }

      li + li {
        margin-top: var(--gap-xs);
      }

      button {
        margin-left: auto;
      }

      .when {
        flex: none;
        font-weight: 400;
      }

      @media (max-width: 48rem) {
        div {
          padding-inline: var(--gap-m);
        }

        /* The view of the cameras has the whole of it. */
        li {
          display: -webkit-box;
          overflow: hidden;
          -webkit-box-orient: vertical;
          -webkit-line-clamp: 6;
        }
      }
    `,
  ];

  @property({ attribute: false }) link: Link = { state: 'connecting' };
  @property({ type: Boolean }) unreachable = false;
  @property({ type: Number }) missed = 0;
  /** What is wrong beside cameras, in the operator's words, and not yet read here. */
  @property({ attribute: false }) problems: readonly string[] = [];
  /** The browser's time, milliseconds since the epoch. */
  @property({ type: Number }) now = 0;

  override render() {
    return html`${this.#renderLost()}${this.#renderProblems()}${this.#renderGap()}`;
  }

  #renderLost() {
    const { link } = this;
    if (this.unreachable) {
      return html`<div role="alert">
        <gh-icon name="unlink"></gh-icon>
        <p>${strings.unreachable}</p>
      </div>`;
    }
    if (link.state !== 'lost') return nothing;
    const seconds = Math.ceil((link.nextTryAt - this.now) / 1_000);
    return html`
      <div role="alert">
        <gh-icon name="unlink"></gh-icon>
        <p>${strings.lostBanner(figures.clockTime(link.since))}</p>
        <span class="when" aria-live="off">${strings.retryIn(seconds)}</span>
        <button @click=${() => this.#tell('gh-retry')}>${strings.retryNow}</button>
      </div>
    `;
  }

  #renderProblems() {
    if (this.problems.length === 0) return nothing;
    return html`
      <div class="notice" role="status">
        <gh-icon name="alert"></gh-icon>
        <ul role="list">
          ${this.problems.map((problem) => html`<li>${problem}</li>`)}
        </ul>
        <button @click=${() => this.#tell('gh-problems-read')}>${strings.dismiss}</button>
      </div>
    `;
  }

  #renderGap() {
    if (this.missed === 0) return nothing;
    return html`
      <div class="notice" role="status">
        <gh-icon name="alert"></gh-icon>
        <p>${strings.gapBanner(this.missed)}</p>
        <button @click=${() => this.#tell('gh-gap-read')}>${strings.dismiss}</button>
      </div>
    `;
  }

  #tell(name: 'gh-retry' | 'gh-gap-read' | 'gh-problems-read'): void {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-banner': GhBanner;
  }
}

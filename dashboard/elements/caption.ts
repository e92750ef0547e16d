import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { GreetingEvent } from '../../server/events/event.js';
import { strings } from '../strings.js';
import { shared } from '../styles/shared.js';
import './icon.js';

/** What is being said at this moment, for those who cannot hear it. Fires `gh-skip`. */
@customElement('gh-caption')
export class GhCaption extends LitElement {
  static override styles = [
    shared,
    css`
      aside {
        display: flex;
        align-items: center;
        gap: var(--gap-m);
        width: fit-content;
        max-width: 100%;
        margin-inline: auto;
        padding: 0.6rem 0.6rem 0.6rem 1rem;
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--surface);
        box-shadow: var(--shadow-high);
        animation: rise var(--calm);
        pointer-events: auto;
      }

      @keyframes rise {
        from {
          opacity: 0;
          translate: 0 0.75rem;
        }
      }

      gh-icon {
        width: 1.5rem;
        height: 1.5rem;
        color: var(--good);
      }

      small {
        display: block;
        color: var(--text-soft);
        font-size: var(--size-xs);
      }

      strong {
        font-size: var(--size-l);
        font-weight: 600;
        line-height: 1.25;
      }
    `,
  ];

  @property({ attribute: false }) greeting: GreetingEvent | null = null;
  @property() cameraName = '';

  override render() {
    const { greeting } = this;
    if (greeting === null) return nothing;
    return html`
      <aside aria-label=${strings.sound.saying}>
        <gh-icon name="speaker"></gh-icon>
        <p>
          <small>${this.cameraName}</small>
          <strong lang=${greeting.language}>${greeting.text ?? strings.sound.clip}</strong>
        </p>
        <button class="quiet" @click=${this.#skip}>${strings.sound.skip}</button>
      </aside>
    `;
  }

  #skip(): void {
    this.dispatchEvent(new CustomEvent('gh-skip', { bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-caption': GhCaption;
  }
}

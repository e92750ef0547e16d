import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { shared } from '../styles/shared.js';
import type { IconName } from './icon.js';
import './icon.js';

/** A picture of somebody, or a quiet sign where there is none (yet, or any more). */
@customElement('gh-snapshot')
export class GhSnapshot extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        flex: none;
        place-items: center;
        overflow: hidden;
        border-radius: var(--radius-m);
        background: var(--pending-tint);
        color: var(--pending);
      }

      img {
        display: block;
        width: 100%;
        height: 100%;
        object-fit: cover;
      }

      gh-icon {
        width: 45%;
        height: 45%;
      }
    `,
  ];

  @property() src: string | null = null;
  @property() alt = '';
  @property() icon: IconName = 'person';
  /** The address that could not be loaded; another one is tried again. */
  @state() private broken: string | null = null;

  override render() {
    if (this.src === null || this.src === this.broken) return html`<gh-icon name=${this.icon}></gh-icon>`;
    return html`<img
      src=${this.src}
      alt=${this.alt}
      decoding="async"
      loading="lazy"
      @error=${() => (this.broken = this.src)}
    />`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-snapshot': GhSnapshot;
  }
}

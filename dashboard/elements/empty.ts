import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { shared } from '../styles/shared.js';
import type { IconName } from './icon.js';
import './icon.js';

/** Says why a list is empty and what will fill it. */
@customElement('gh-empty')
export class GhEmpty extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--gap-m);
        padding: var(--gap-l);
        color: var(--text-soft);
        font-size: var(--size-s);
      }

      gh-icon {
        width: 2.25rem;
        height: 2.25rem;
        padding: 0.5rem;
        border-radius: 50%;
        background: var(--surface-sunk);
      }

      strong {
        display: block;
        color: var(--text);
        font-size: var(--size-m);
        font-weight: 600;
      }
    `,
  ];

  @property() icon: IconName = 'dots';
  @property() heading = '';
  @property() lead = '';

  override render() {
    return html`
      <gh-icon name=${this.icon}></gh-icon>
      <p><strong>${this.heading}</strong>${this.lead}</p>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-empty': GhEmpty;
  }
}

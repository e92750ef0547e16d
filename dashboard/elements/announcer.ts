import { html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { shared } from '../styles/shared.js';

/** Tells a screen reader who has arrived; nothing of it is seen. */
@customElement('gh-announcer')
export class GhAnnouncer extends LitElement {
  static override styles = shared;

  @property() words = '';

  override render() {
    return html`<p class="unseen" role="log" aria-live="polite">${this.words}</p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-announcer': GhAnnouncer;
  }
}

import { html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Theme } from '../controllers/preferences.js';
import { strings, themeName } from '../strings.js';
import { shared } from '../styles/shared.js';
import './icon.js';

const order: readonly Theme[] = ['auto', 'dark', 'light'];
const signs = { auto: 'auto', dark: 'moon', light: 'sun' } as const;

/** Goes round system, dark, light. Fires `gh-theme` (detail: the theme). */
@customElement('gh-theme-switch')
export class GhThemeSwitch extends LitElement {
  static override styles = shared;

  @property() theme: Theme = 'auto';

  override render() {
    const words = strings.theme.now(themeName(this.theme));
    return html`<button class="quiet icon" aria-label=${words} title=${words} @click=${this.#next}>
      <gh-icon name=${signs[this.theme]}></gh-icon>
    </button>`;
  }

  #next(): void {
    const detail = order[(order.indexOf(this.theme) + 1) % order.length];
    this.dispatchEvent(new CustomEvent('gh-theme', { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-theme-switch': GhThemeSwitch;
  }
}

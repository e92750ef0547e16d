import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { Sound } from '../controllers/greetings.js';
import { strings } from '../strings.js';
import { shared } from '../styles/shared.js';
import './icon.js';
import './level-meter.js';

/**
 * Whether greetings are heard, in words, and how loud. Fires `gh-sound` (detail: whether it is wanted) and
 * `gh-volume` (detail: 0..1).
 */
@customElement('gh-sound-control')
export class GhSoundControl extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        position: relative;
        align-items: center;
        gap: 2px;
        flex: none;
      }

      .state.blocked {
        border-color: var(--unknown-line);
        background: var(--unknown-tint);
        color: var(--unknown);
      }

      .state.on {
        color: var(--good);
      }

      [popover] {
        position: fixed;
        inset: auto;
        top: calc(var(--bar) + 0.25rem);
        right: 1rem;
        width: 17rem;
        max-width: calc(100vw - 2rem);
        padding: var(--gap-l);
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--surface);
        color: var(--text);
        box-shadow: var(--shadow-high);
        font-size: var(--size-s);
      }

      label {
        display: grid;
        gap: 0.35rem;
        margin-top: var(--gap-m);
        font-weight: 600;
      }

      input {
        width: 100%;
        min-height: 1.5rem;
        margin: 0;
        accent-color: var(--accent-solid);
      }

      .level {
        display: flex;
        align-items: center;
        justify-content: space-between;
        margin-top: var(--gap-m);
      }

      .turn-off {
        width: 100%;
        margin-top: var(--gap-m);
      }

      .why {
        color: var(--text-soft);
      }

      .words {
        white-space: nowrap;
      }

      .short {
        display: none;
      }

      @media (max-width: 40rem) {
        .state {
          min-height: 2.25rem;
          padding-inline: var(--gap-s);
        }

        .words {
          display: none;
        }

        .short:not(:empty) {
          display: inline;
        }
      }
    `,
  ];

  @property() sound: Sound = 'off';
  @property({ type: Number }) volume = 1;
  @property({ type: Boolean }) speaking = false;
  @property({ type: Boolean }) failed = false;
  @property({ attribute: false }) level: () => number = () => 0;

  override render() {
    const { on, blocked, enable, offWhy, onWhy, blockedWhy, failedWhy } = strings.sound;
    const words = { off: enable, blocked, on }[this.sound];
    const why = this.failed ? failedWhy : { off: offWhy, blocked: blockedWhy, on: onWhy }[this.sound];
    const inside = html`
      <gh-icon name=${this.sound === 'on' ? 'speaker' : 'silent'}></gh-icon>
      <span class="words">${words}</span><span class="short">${strings.sound.short[this.sound]}</span>
      ${
        this.sound === 'on'
          ? html`<gh-level-meter .read=${this.level} ?active=${this.speaking}></gh-level-meter>`
          : nothing
      }
    `;
    if (this.sound !== 'on') {
      return html`<button
        class="state ${this.sound}"
        aria-label=${this.sound === 'off' ? `${strings.sound.short.off}. ${words}` : words}
        title=${why}
        @click=${() => this.#want(true)}
      >
        ${inside}
      </button>`;
    }
    return html`
      <button
        class="state on"
        popovertarget="settings"
        title=${why}
        aria-label="${words}. ${strings.sound.settings}"
      >
        ${inside}
      </button>
      <div popover id="settings" aria-label=${strings.sound.settings} role="dialog">
        <p class="why">${why}</p>
        <label>
          ${strings.sound.volume}
          <input
            type="range"
            min="0"
            max="1"
            step="0.05"
            .value=${String(this.volume)}
            @input=${this.#turn}
          />
        </label>
        <button class="turn-off" @click=${() => this.#want(false)}>
          <gh-icon name="silent"></gh-icon>${strings.sound.turnOff}
        </button>
      </div>
    `;
  }

  #want(wanted: boolean): void {
    this.dispatchEvent(new CustomEvent('gh-sound', { detail: wanted, bubbles: true, composed: true }));
  }

  #turn(event: InputEvent): void {
    const detail = Number((event.target as HTMLInputElement).value);
    this.dispatchEvent(new CustomEvent('gh-volume', { detail, bubbles: true, composed: true }));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-sound-control': GhSoundControl;
  }
}

import { css, html, LitElement, svg } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { strings } from '../strings.js';
import { shared } from '../styles/shared.js';

const BARS = 5;
/** Screen readers and eyes need no more of it. */
const EVERY_MS = 80;

/** Shows how loud it is at this moment, measured where the sound leaves for the loudspeaker. */
@customElement('gh-level-meter')
export class GhLevelMeter extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: inline-flex;
      }

      svg {
        width: 1.25rem;
        height: 1rem;
      }

      rect {
        fill: var(--line-strong);
        opacity: 0.45;
      }

      rect.lit {
        fill: var(--good);
        opacity: 1;
      }
    `,
  ];

  /** Root mean square of this moment, 0..1. */
  @property({ attribute: false }) read: () => number = () => 0;
  /** Whether to measure; a meter of silence costs nothing. */
  @property({ type: Boolean }) active = false;
  @state() private level = 0;
  #timer: number | undefined;

  override willUpdate(): void {
    if (this.active && this.#timer === undefined) {
      this.#timer = window.setInterval(() => (this.level = this.read()), EVERY_MS);
    } else if (!this.active) this.#stop();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  override render() {
    // Loudness is heard in steps of decibels: five bars from -40 dB up to -10 dB.
    const lit = this.level === 0 ? 0 : Math.max(0, Math.ceil((20 * Math.log10(this.level) + 40) / 6));
    return html`
      <svg
        viewBox="0 0 20 16"
        role="meter"
        aria-label=${strings.sound.level}
        aria-valuemin="0"
        aria-valuemax="1"
        aria-valuenow=${this.level.toFixed(3)}
      >
        ${Array.from({ length: BARS }, (_, bar) => this.#renderBar(bar, bar < lit))}
      </svg>
    `;
  }

  #renderBar(bar: number, lit: boolean) {
    const tall = 4 + bar * 3;
    return svg`<rect class=${lit ? 'lit' : ''} x=${bar * 4} y=${16 - tall} width="2.6" height=${tall} rx="1.2"></rect>`;
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.level = 0;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-level-meter': GhLevelMeter;
  }
}

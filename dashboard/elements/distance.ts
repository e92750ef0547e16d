import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import * as figures from '../figures.js';
import { strings } from '../strings.js';
import { shared } from '../styles/shared.js';

/** The scale's far end: beyond 1.2 no two faces are any more different to the network. */
const FAR = 1.2;

/** A distance beside the threshold it was held against, in digits and on a scale. */
@customElement('gh-distance')
export class GhDistance extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: 0.5rem;
        color: var(--text-soft);
        font-size: var(--size-xs);
        white-space: nowrap;
      }

      b {
        color: var(--text);
        font-weight: 650;
      }

      svg {
        flex: none;
        width: 4.5rem;
        height: 0.625rem;
        overflow: visible;
      }

      @media (max-width: 30rem) {
        svg {
          width: 2.5rem;
        }
      }

      .track {
        fill: var(--line);
      }

      .value {
        fill: var(--unknown);
      }

      .value.within {
        fill: var(--good);
      }

      .mark {
        stroke: var(--text);
        stroke-width: 1.5;
      }
    `,
  ];

  @property({ type: Number }) distance: number | null = null;
  @property({ type: Number }) threshold = 0;
  /** Why there is no distance. */
  @property() reason: string | null = null;

  override render() {
    const { distance, threshold } = this;
    if (distance === null) return html`<span>${this.reason ?? strings.feed.noFace}</span>`;
    const at = (value: number) => Math.min(1, value / FAR) * 72;
    const within = distance <= threshold;
    return html`
      <svg viewBox="0 0 72 10" preserveAspectRatio="none" aria-hidden="true">
        <rect class="track" y="3" width="72" height="4" rx="2"></rect>
        <rect class="value ${within ? 'within' : ''}" y="3" width=${at(distance)} height="4" rx="2"></rect>
        <path class="mark" d="M${at(threshold)} 0v10"></path>
      </svg>
      <span aria-hidden="true"><b>${figures.distance(distance)}</b> / ${figures.distance(threshold)}</span>
      <span class="unseen"
        >${strings.feed.distanceOf(figures.distance(distance), figures.distance(threshold))}</span
      >
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-distance': GhDistance;
  }
}

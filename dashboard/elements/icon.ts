import { css, html, LitElement, svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/** Drawn on a 20 x 20 grid with a 1.6 line, so that all of them weigh the same. */
const icons = {
  check: svg`<path d="M4.5 10.5l3.6 3.6 7.4-8"/>`,
  question: svg`<path d="M7 7.6a3 3 0 1 1 4.4 2.6c-.9.5-1.4 1.1-1.4 2.1"/><path d="M10 15.3v.1" stroke-width="2.2"/>`,
  dots: svg`<path d="M5 10h.1M10 10h.1M15 10h.1" stroke-width="2.4"/>`,
  alert: svg`<path d="M10 3.2l7.2 13H2.8z"/><path d="M10 8.2v3.6M10 14v.1" stroke-width="1.9"/>`,
  link: svg`<path d="M3 8.2a10 10 0 0 1 14 0M5.6 11a6.2 6.2 0 0 1 8.8 0"/><path d="M10 14.6v.1" stroke-width="2.4"/>`,
  unlink: svg`<path d="M3 8.2a10 10 0 0 1 4-2.5M17 8.2a10 10 0 0 0-5-2.8M5.6 11a6 6 0 0 1 2-1.3M14.4 11a6 6 0 0 0-1.2-.9M3.5 3.5l13 13"/>`,
  camera: svg`<rect x="2.5" y="6" width="10.5" height="8.5" rx="2"/><path d="M13 9.5l4.5-2.3v6.1L13 11"/>`,
  people: svg`<circle cx="7.5" cy="7" r="2.8"/><path d="M2.5 16a5 5 0 0 1 10 0M13 4.6a2.8 2.8 0 0 1 0 5M14.5 11.6A5 5 0 0 1 17.5 16"/>`,
  person: svg`<circle cx="10" cy="6.8" r="3.2"/><path d="M3.8 17a6.2 6.2 0 0 1 12.4 0"/>`,
  desk: svg`<rect x="2.5" y="3.5" width="6.5" height="6" rx="1.4"/><rect x="11" y="3.5" width="6.5" height="6" rx="1.4"/><rect x="2.5" y="11.5" width="6.5" height="5" rx="1.4"/><rect x="11" y="11.5" width="6.5" height="5" rx="1.4"/>`,
  speaker: svg`<path d="M3 8v4h2.8l4 3.2V4.8l-4 3.2zM13 7.2a4 4 0 0 1 0 5.6M15.2 5a7 7 0 0 1 0 10"/>`,
  silent: svg`<path d="M3 8v4h2.8l4 3.2V4.8l-4 3.2zM13.2 7.8l4.3 4.4M17.5 7.8l-4.3 4.4"/>`,
  sun: svg`<circle cx="10" cy="10" r="3.4"/><path d="M10 2.6v1.6M10 15.8v1.6M2.6 10h1.6M15.8 10h1.6M4.8 4.8l1.1 1.1M14.1 14.1l1.1 1.1M15.2 4.8l-1.1 1.1M5.9 14.1l-1.1 1.1"/>`,
  moon: svg`<path d="M16.4 11.9A6.9 6.9 0 0 1 8.1 3.6a6.9 6.9 0 1 0 8.3 8.3z"/>`,
  auto: svg`<circle cx="10" cy="10" r="6.6"/><path d="M10 3.4v13.2a6.6 6.6 0 0 0 0-13.2z" fill="currentColor" stroke="none"/>`,
  enlarge: svg`<path d="M11.8 3.5h4.7v4.7M8.2 16.5H3.5v-4.7M16.2 3.8l-5 5M3.8 16.2l5-5"/>`,
  shrink: svg`<path d="M16.5 8.2h-4.7V3.5M3.5 11.8h4.7v4.7M11.9 8.1l4.6-4.6M8.1 11.9l-4.6 4.6"/>`,
  fullscreen: svg`<path d="M3.5 7V3.5H7M13 3.5h3.5V7M16.5 13v3.5H13M7 16.5H3.5V13"/>`,
  close: svg`<path d="M5 5l10 10M15 5L5 15"/>`,
  image: svg`<rect x="2.8" y="4" width="14.4" height="12" rx="2"/><path d="M3.2 13.4l4-3.6 3.4 3 2.6-2.2 3.6 3"/><circle cx="12.8" cy="7.6" r="1.1"/>`,
  leave: svg`<path d="M8 3.5H4.5v13H8M8.5 10h8M13.2 6.6l3.4 3.4-3.4 3.4"/>`,
  down: svg`<path d="M5 7.8l5 5 5-5"/>`,
  wait: svg`<circle cx="10" cy="10" r="6.6"/><path d="M10 6v4.2l2.8 1.7"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof icons;

/** A sign beside words; it says nothing to a screen reader, the words do. */
@customElement('gh-icon')
export class GhIcon extends LitElement {
  static override styles = css`
    :host {
      display: inline-flex;
      flex: none;
      width: 1.25em;
      height: 1.25em;
    }

    svg {
      width: 100%;
      height: 100%;
      fill: none;
      stroke: currentcolor;
      stroke-width: 1.6;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `;

  @property() name: IconName = 'dots';

  override render() {
    return html`<svg viewBox="0 0 20 20" aria-hidden="true">${icons[this.name]}</svg>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-icon': GhIcon;
  }
}

import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { View } from '../controllers/route.js';
import { views } from '../controllers/route.js';
import { strings } from '../strings.js';
import { shared } from '../styles/shared.js';
import './icon.js';

const signs = { desk: 'desk', people: 'people', cameras: 'camera' } as const;

/** The views; at the top of a wide screen, at the thumb of a phone. */
@customElement('gh-navigation')
export class GhNavigation extends LitElement {
  static override styles = [
    shared,
    css`
      nav {
        display: flex;
        gap: 2px;
      }

      a {
        position: relative;
        display: flex;
        align-items: center;
        justify-content: center;
        gap: 0.4rem;
        min-height: var(--touch);
        padding: 0 0.75rem;
        border-radius: var(--radius-m);
        color: var(--text-soft);
        font-size: var(--size-s);
        font-weight: 550;
        text-decoration: none;
        transition: background var(--swift);
      }

      a:hover {
        background: var(--surface-hover);
        color: var(--text);
      }

      a[aria-current] {
        background: var(--accent-tint);
        color: var(--accent);
      }

      .mark {
        min-width: 1.15rem;
        padding: 0 0.3rem;
        border-radius: 1rem;
        background: var(--unknown-tint);
        color: var(--unknown);
        font-size: 0.6875rem;
        font-weight: 700;
        line-height: 1.15rem;
        text-align: center;
      }

      @media (max-width: 48rem) {
        nav {
          gap: 0;
        }

        a {
          flex: 1;
          flex-direction: column;
          gap: 0.1rem;
          min-height: 3.25rem;
          border-radius: 0;
          font-size: var(--size-xs);
        }

        a[aria-current] {
          background: transparent;
          box-shadow: inset 0 2px 0 var(--accent);
        }

        .mark {
          position: absolute;
          top: 0.3rem;
          left: calc(50% + 0.6rem);
        }
      }
    `,
  ];

  @property() view: View = 'desk';
  /** How many things need a look, by view. */
  @property({ attribute: false }) marks: Partial<Record<View, number>> = {};

  override render() {
    return html`
      <nav aria-label=${strings.navigation}>
        ${views.map((view) => {
          const mark = this.marks[view] ?? 0;
          return html`<a href="#/${view}" aria-current=${this.view === view ? 'page' : nothing}>
            <gh-icon name=${signs[view]}></gh-icon>${strings.views[view]}
            ${mark > 0 ? html`<span class="mark">${mark}<span class="unseen">${strings.needLook(mark)}</span></span>` : nothing}
          </a>`;
        })}
      </nav>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-navigation': GhNavigation;
  }
}

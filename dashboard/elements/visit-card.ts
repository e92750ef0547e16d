import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import * as figures from '../figures.js';
import type { Visit } from '../state/desk.js';
import { strings } from '../strings.js';
import { pill, shared } from '../styles/shared.js';
import './distance.js';
import './icon.js';
import './snapshot.js';
import { visitCardStyles } from './visit-card.styles.js';

const signs = { recognised: 'check', unknown: 'question', pending: 'dots' } as const;

/** One visit: who, where, when, how sure, for how long. */
@customElement('gh-visit-card')
export class GhVisitCard extends LitElement {
  static override styles = [shared, pill, visitCardStyles];

  @property({ attribute: false }) visit!: Visit;
  @property() cameraName = '';
  /** The midnight that today began with, milliseconds since the epoch. */
  @property({ type: Number }) today = 0;
  /** Address of the snapshot. */
  @property() src: string | null = null;

  override render() {
    const { visit } = this;
    const name = this.#name();
    return html`
      <article class=${visit.status}>
        <gh-snapshot .src=${this.src} alt=${strings.feed.snapshotOf(name)}></gh-snapshot>
        <div class="what">
          <div class="first">
            <gh-icon class="sign" name=${signs[visit.status]}></gh-icon>
            <h3>${name}</h3>
            <time datetime=${new Date(visit.startedAt).toISOString()}
              >${figures.when(visit.startedAt, this.today)}</time
            >
          </div>
          <div class="second">
            <span class="camera">${this.cameraName}</span>
            ${visit.picture ? html`<span class="doubt">${strings.feed.picture}</span>` : nothing}
            ${
              visit.endedAt === null
                ? html`<span class="now"><span class="pulse"></span>${strings.feed.hereNow}</span>`
                : html`<span>${strings.feed.stayed(figures.duration(visit.durationMs ?? 0))}</span>`
            }
          </div>
          ${this.#renderMeasure()}
        </div>
      </article>
    `;
  }

  #name(): string {
    const { status, person, endedAt } = this.visit;
    if (status === 'recognised') return person?.name ?? strings.feed.unknown;
    if (status === 'unknown') return strings.feed.unknown;
    return endedAt === null ? strings.feed.pending : strings.feed.undecided;
  }

  /** How sure it is: how far the next person is, or, for somebody unknown, who comes nearest. */
  #renderSecond() {
    const { status, candidates, margin } = this.visit;
    const nearest = candidates.at(0);
    const next = candidates.at(1);
    if (status === 'unknown' && nearest !== undefined) {
      return html`<span class="aside">${strings.feed.nearest(nearest.person.name)}</span>`;
    }
    if (status !== 'recognised' || margin === null || next === undefined) return nothing;
    return html`<span class="aside" title=${strings.feed.marginTitle}
      >${strings.feed.margin(`+${figures.distance(margin)}`, next.person.name)}</span
    >`;
  }

  /** The distance against its threshold; opened, everybody who came near. */
  #renderMeasure() {
    const { distance, threshold, candidates, latencyMs, status } = this.visit;
    const measure = html`
      <gh-distance .distance=${distance} .threshold=${threshold} .reason=${this.visit.problem}></gh-distance>
      ${this.#renderSecond()}
    `;
    if (candidates.length < 2) return html`<div class="third">${measure}</div>`;
    const latency = figures.milliseconds(latencyMs);
    return html`
      <details>
        <summary class="third">
          ${measure}<span class="unseen">${strings.feed.candidates}</span><gh-icon name="down"></gh-icon>
        </summary>
        <ol>
          ${candidates.slice(0, 4).map(
            ({ person, distance: far }) => html`
              <li>
                <span>${person.name}</span>
                <gh-distance .distance=${far} .threshold=${threshold}></gh-distance>
              </li>
            `,
          )}
        </ol>
        <p>${status === 'recognised' ? strings.feed.latency(latency) : strings.feed.answered(latency)}</p>
      </details>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-visit-card': GhVisitCard;
  }
}

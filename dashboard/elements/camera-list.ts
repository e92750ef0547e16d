import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { CameraInfo, Health } from '../../server/events/desk.js';
import * as figures from '../figures.js';
import { strings } from '../strings.js';
import { panel, pill, shared } from '../styles/shared.js';
import './empty.js';
import './icon.js';

/** How every camera and the server itself are. */
@customElement('gh-camera-list')
export class GhCameraList extends LitElement {
  static override styles = [
    shared,
    panel,
    pill,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--gap-xl);
        align-content: start;
      }

      h2 {
        margin-bottom: var(--gap-m);
      }

      table {
        width: 100%;
        border-collapse: collapse;
        font-size: var(--size-s);
      }

      th,
      td {
        padding: 0.7rem var(--gap-l);
        text-align: left;
        vertical-align: top;
      }

      thead th {
        color: var(--text-soft);
        font-size: var(--size-xs);
        font-weight: 600;
        white-space: nowrap;
      }

      tbody tr {
        border-top: 1px solid var(--line);
      }

      tbody th {
        font-weight: 650;
        overflow-wrap: anywhere;
      }

      .state > span {
        vertical-align: middle;
      }

      td.number {
        white-space: nowrap;
      }

      .reason {
        max-width: 24rem;
        margin-top: 0.25rem;
        color: var(--text-soft);
      }

      .soft {
        color: var(--text-soft);
        font-weight: 400;
      }

      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
        gap: var(--gap-l);
        padding: var(--gap-l);
      }

      dt {
        color: var(--text-soft);
        font-size: var(--size-xs);
      }

      dd {
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      .problems {
        padding: 0 var(--gap-l) var(--gap-l);
      }

      .problems li {
        display: flex;
        gap: var(--gap-s);
        padding: 0.35rem 0;
        color: var(--unknown);
        font-size: var(--size-s);
        overflow-wrap: anywhere;
        white-space: pre-line;
      }

      @media (max-width: 62rem) {
        thead {
          display: none;
        }

        table,
        tbody,
        tr,
        th,
        td {
          display: block;
        }

        tbody tr {
          display: grid;
          grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr));
          gap: 0.6rem var(--gap-m);
          padding: var(--gap-m) var(--gap-l);
        }

        tbody tr:first-child {
          border-top: 0;
        }

        th,
        td {
          padding: 0;
        }

        th,
        td.state {
          grid-column: 1 / -1;
        }

        td[data-label]::before {
          content: attr(data-label);
          display: block;
          color: var(--text-soft);
          font-size: var(--size-xs);
        }
      }
    `,
  ];

  @property({ attribute: false }) cameras: readonly CameraInfo[] = [];
  @property({ attribute: false }) health: Health | null = null;

  override render() {
    return html`
      <section aria-labelledby="cameras">
        <h2 class="heading" id="cameras">
          ${strings.cameras.title}<span class="count">${this.cameras.length}</span>
        </h2>
        ${
          this.cameras.length === 0
            ? html`<gh-empty
                class="panel"
                icon="camera"
                heading=${strings.wall.none}
                lead=${strings.wall.noneLead}
              ></gh-empty>`
            : html`<div class="panel">${this.#renderTable()}</div>`
        }
      </section>
      ${this.health === null ? nothing : this.#renderSystem(this.health)}
    `;
  }

  #renderTable() {
    const words = strings.cameras;
    // Some browsers forget that a table is one once CSS lays it out otherwise: the roles say it again.
    return html`
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">
            ${[
              words.camera,
              words.state,
              words.frames,
              words.dropped,
              words.latency,
              words.threshold,
              words.greeting,
            ].map((label) => html`<th role="columnheader" scope="col">${label}</th>`)}
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${this.cameras.map((camera) => this.#renderCamera(camera))}
        </tbody>
      </table>
    `;
  }

  #renderCamera({
    name,
    kind,
    attention,
    state,
    reason,
    fps,
    dropped,
    latency,
    threshold,
    greeting,
    frame,
  }: CameraInfo) {
    const words = strings.cameras;
    const look =
      state === 'live' ? 'good' : state === 'refused' ? 'bad' : state === 'stopped' ? '' : 'unknown';
    const sign =
      state === 'live' ? 'check' : state === 'refused' ? 'alert' : state === 'stopped' ? 'close' : 'wait';
    return html`
      <tr role="row">
        <th role="rowheader" scope="row">
          ${name}
          <div class="soft">${kind} · ${words.size(frame.width, frame.height)}</div>
        </th>
        <td role="cell" class="state">
          <span class="pill ${look}"><gh-icon name=${sign}></gh-icon>${strings.cameraState[state]}</span>
          ${
            attention === null || state !== 'live'
              ? nothing
              : html`<span class="soft" title=${strings.attentionTitle[attention]}
                  >${strings.attention[attention]}</span
                >`
          }
          ${reason === null ? nothing : html`<p class="reason">${reason}</p>`}
        </td>
        <td role="cell" class="number" data-label=${words.frames}>
          ${figures.rate(fps)} ${strings.wall.fps}
        </td>
        <td role="cell" class="number" data-label=${words.dropped}>${figures.count(dropped)}</td>
        <td role="cell" class="number" data-label=${words.latency}>
          ${
            latency === null
              ? '–'
              : `${figures.milliseconds(latency.p50)} / ${figures.milliseconds(latency.p95)}`
          }
        </td>
        <td role="cell" class="number" data-label=${words.threshold}>${figures.distance(threshold)}</td>
        <td role="cell" data-label=${words.greeting}>${words.greetings[greeting]}</td>
      </tr>
    `;
  }

  #renderSystem({ status, engine, version, uptime, problems }: Health) {
    const words = strings.cameras;
    return html`
      <section aria-labelledby="system">
        <h2 class="heading" id="system">${words.system}</h2>
        <div class="panel">
          <dl>
            <div>
              <dt>${words.statusLabel}</dt>
              <dd>${strings.health[status]}</dd>
            </div>
            <div>
              <dt>${words.engineLabel}</dt>
              <dd>${engine}</dd>
            </div>
            <div>
              <dt>${words.versionLabel}</dt>
              <dd>${version}</dd>
            </div>
            <div>
              <dt>${words.uptimeLabel}</dt>
              <dd>${figures.duration(uptime * 1_000)}</dd>
            </div>
          </dl>
          ${
            problems.length === 0
              ? nothing
              : html`<ul class="problems" role="list">
                  ${problems.map((problem) => html`<li><gh-icon name="alert"></gh-icon>${problem}</li>`)}
                </ul>`
          }
        </div>
      </section>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-camera-list': GhCameraList;
  }
}

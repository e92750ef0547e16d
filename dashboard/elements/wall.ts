import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { CameraInfo } from '../../server/events/desk.js';
import type { LiveChannel } from '../controllers/live-picture.js';
import { strings } from '../strings.js';
import { panel, shared } from '../styles/shared.js';
import './empty.js';
import './live-tile.js';

/** All cameras at a glance; one of them may be enlarged. */
@customElement('gh-wall')
export class GhWall extends LitElement {
  static override styles = [
    shared,
    panel,
    css`
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr));
        gap: var(--gap-l);
      }

      gh-live-tile[enlarged] {
        grid-column: 1 / -1;
        order: -1;
      }
    `,
  ];

  @property({ attribute: false }) cameras: readonly CameraInfo[] = [];
  @property({ type: Boolean }) online = false;
  @property({ attribute: false }) muted: readonly string[] = [];
  @property({ attribute: false }) open!: (camera: string, channel: LiveChannel) => WebSocket;
  @state() private enlarged: string | null = null;

  override render() {
    if (this.cameras.length === 0) {
      return html`<gh-empty
        class="panel"
        icon="camera"
        heading=${strings.wall.none}
        lead=${strings.wall.noneLead}
      ></gh-empty>`;
    }
    return html`
      <div class="grid" @gh-enlarge=${this.#enlarge} @keydown=${this.#escape}>
        ${repeat(
          this.cameras,
          (camera) => camera.id,
          (camera) => html`
            <gh-live-tile
              .camera=${camera}
              .open=${this.open}
              ?online=${this.online}
              ?muted=${this.muted.includes(camera.id)}
              ?enlarged=${this.enlarged === camera.id}
            ></gh-live-tile>
          `,
        )}
      </div>
    `;
  }

  #enlarge(event: CustomEvent<string>): void {
    this.enlarged = this.enlarged === event.detail ? null : event.detail;
  }

  #escape(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.enlarged = null;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-wall': GhWall;
  }
}

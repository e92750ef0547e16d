import { html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { CameraInfo } from '../../server/events/desk.js';
import type { LiveHeader } from '../../server/events/live.js';
import { browserClock } from '../clock.js';
import type { LivePicture } from '../controllers/live-video.js';
import { LiveVideo } from '../controllers/live-video.js';
import { count, distance, milliseconds, rate } from '../figures.js';
import { strings } from '../strings.js';
import { shared } from '../styles/shared.js';
import { drawFaces } from './draw-faces.js';
import './icon.js';
import { tileStyles } from './live-tile.styles.js';

/** The faces in words, for those who do not see the picture. */
function inWords(header: LiveHeader): string {
  const faces = header.faces.map(({ status, person, distance: value }) => {
    if (status === 'pending') return strings.wall.pendingFace;
    const name = status === 'recognised' && person !== null ? person.name : strings.wall.unknownFace;
    return strings.wall.face(name, value === null ? null : distance(value));
  });
  return faces.length === 0 ? strings.wall.nobody : faces.join('; ');
}

/**
 * One camera: its live picture with the faces of that picture, its state, its figures.
 * Fires `gh-enlarge` and `gh-mute` (detail: the camera's id).
 */
@customElement('gh-live-tile')
export class GhLiveTile extends LitElement {
  static override styles = [shared, tileStyles];

  @property({ attribute: false }) camera!: CameraInfo;
  /** Whether the server can be reached. */
  @property({ type: Boolean }) online = false;
  @property({ type: Boolean }) muted = false;
  @property({ type: Boolean, reflect: true }) enlarged = false;
  @property({ attribute: false }) open!: (camera: string) => WebSocket;
  @state() private words: string = strings.wall.nobody;
  @query('canvas') private canvas!: HTMLCanvasElement;
  @query('.stage') private stage!: HTMLElement;

  readonly #video = new LiveVideo(this, {
    clock: browserClock,
    open: (camera) => this.open(camera),
    show: (picture) => this.#show(picture),
  });
  readonly #resized = new ResizeObserver(() => {
    // Setting the size clears the canvas; drawing again at once keeps it from flickering.
    if (this.#video.shown !== null) this.#show(this.#video.shown);
  });

  /** The header of the picture on the screen. */
  get shown(): LiveHeader | null {
    return this.#video.shown?.header ?? null;
  }

  override firstUpdated(): void {
    this.#resized.observe(this.canvas);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resized.disconnect();
  }

  override willUpdate(): void {
    this.#video.watch(this.camera.id, this.online);
  }

  override render() {
    const { camera } = this;
    return html`
      <article class="tile" aria-label=${camera.name}>
        <div class="stage ${this.#covered ? 'covered' : ''}">
          <canvas role="img" aria-label=${strings.wall.pictureOf(camera.name, this.words)}></canvas>
          <button
            class="whole"
            aria-pressed=${this.enlarged}
            aria-label=${this.enlarged ? strings.wall.shrink(camera.name) : strings.wall.enlarge(camera.name)}
            @click=${() => this.#tell('gh-enlarge')}
          ></button>
          ${this.#renderCover()}
          <div class="name">
            <span class="dot ${camera.state}"></span>
            <h3>${camera.name}</h3>
          </div>
        </div>
        <footer>
          ${this.#renderFigures()}
          <span class="acts">
            ${camera.greeting === 'off' ? nothing : this.#renderMute()}
            ${
              this.enlarged && document.fullscreenEnabled
                ? html`<button
                    class="quiet icon"
                    aria-label=${strings.wall.fullScreen(camera.name)}
                    @click=${() => void this.stage.requestFullscreen()}
                  >
                    <gh-icon name="fullscreen"></gh-icon>
                  </button>`
                : nothing
            }
            <gh-icon class="hint" name=${this.enlarged ? 'shrink' : 'enlarge'}></gh-icon>
          </span>
        </footer>
      </article>
    `;
  }

  get #covered(): boolean {
    return !this.online || this.camera.state !== 'live' || this.#video.picture !== 'showing';
  }

  #renderCover() {
    if (!this.#covered) return nothing;
    const { state: now, reason } = this.camera;
    const [icon, heading, lead] = !this.online
      ? (['unlink', strings.wall.noServer, ''] as const)
      : now !== 'live'
        ? ([
            now === 'refused' ? 'alert' : now === 'stopped' ? 'close' : 'wait',
            strings.cameraState[now],
            reason ?? strings.cameraStateLead[now],
          ] as const)
        : this.#video.picture === 'stale'
          ? (['wait', strings.wall.stale, strings.wall.staleLead] as const)
          : (['wait', strings.wall.waiting, ''] as const);
    return html`
      <div class="cover">
        <gh-icon name=${icon}></gh-icon>
        <p><strong>${heading}</strong>${lead === '' ? nothing : html`<span>${lead}</span>`}</p>
      </div>
    `;
  }

  #renderFigures() {
    const { state: now, fps, dropped, latency } = this.camera;
    if (now !== 'live') return html`<span class="figures state">${strings.cameraState[now]}</span>`;
    return html`
      <span class="figures">
        <span><b>${rate(fps)}</b> ${strings.wall.fps}</span>
        <span title=${strings.wall.droppedTitle}><b>${count(dropped)}</b> ${strings.wall.dropped}</span>
        ${
          latency === null
            ? nothing
            : html`<span class="latency" title=${strings.wall.latencyTitle}>
                <b>${milliseconds(latency.p50)}</b> p50 <b>${milliseconds(latency.p95)}</b> p95
              </span>`
        }
      </span>
    `;
  }

  #renderMute() {
    const { name } = this.camera;
    return html`
      <button
        class="quiet icon ${this.muted ? 'muted' : ''}"
        aria-pressed=${this.muted}
        aria-label=${strings.sound.mute(name)}
        title=${this.muted ? strings.sound.unmute(name) : strings.sound.mute(name)}
        @click=${() => this.#tell('gh-mute')}
      >
        <gh-icon name=${this.muted ? 'silent' : 'speaker'}></gh-icon>
      </button>
    `;
  }

  #tell(name: 'gh-enlarge' | 'gh-mute'): void {
    this.dispatchEvent(new CustomEvent(name, { detail: this.camera.id, bubbles: true, composed: true }));
  }

  #show({ header, image }: LivePicture): void {
    const ratio = Math.min(2, window.devicePixelRatio);
    const width = Math.round(this.canvas.clientWidth * ratio);
    const height = Math.round(this.canvas.clientHeight * ratio);
    if (width === 0 || height === 0) return;
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const context = this.canvas.getContext('2d', { alpha: false })!;
    const scale = Math.min(width / header.frame.width, height / header.frame.height);
    const [wide, tall] = [header.frame.width * scale, header.frame.height * scale];
    const place = { x: (width - wide) / 2, y: (height - tall) / 2, scale };
    context.drawImage(image, place.x, place.y, wide, tall);
    drawFaces(context, header, place, ratio);
    this.words = inWords(header);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-live-tile': GhLiveTile;
  }
}

import { html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { CameraInfo } from '../../server/events/desk.js';
import type { FrameSize } from '../../server/events/event.js';
import type { LiveHeader } from '../../server/events/live.js';
import { browserClock } from '../clock.js';
import type { LiveChannel, LivePicture } from '../controllers/live-picture.js';
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

/** The largest place for something of that size in the middle of an area. */
function within(area: FrameSize & { x: number; y: number }, size: FrameSize) {
  const scale = Math.min(area.width / size.width, area.height / size.height);
  const [width, height] = [size.width * scale, size.height * scale];
  return {
    x: area.x + (area.width - width) / 2,
    y: area.y + (area.height - height) / 2,
    width,
    height,
    scale,
  };
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
  @property({ attribute: false }) open!: (camera: string, channel: LiveChannel) => WebSocket;
  @state() private words: string = strings.wall.nobody;
  @query('canvas') private canvas!: HTMLCanvasElement;
  @query('video') private player!: HTMLVideoElement;
  @query('.stage') private stage!: HTMLElement;

  readonly #video = new LiveVideo(this, {
    clock: browserClock,
    open: (camera, channel) => this.open(camera, channel),
    player: () => this.player,
    show: (picture) => this.#show(picture),
  });
  readonly #resized = new ResizeObserver(() => {
    // Setting the size clears the canvas; drawing again at once keeps it from flickering.
    if (this.#video.shown !== null) this.#show(this.#video.shown);
  });

  /** Whether the camera's own video is seen, rather than recognised frames. */
  get playing(): boolean {
    return this.#video.playing;
  }

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
    this.#video.watch(this.camera.id, this.online, this.camera.attention === 'quiet');
  }

  override render() {
    const { camera } = this;
    return html`
      <article class="tile" aria-label=${camera.name}>
        <div class="stage ${this.#covered ? 'covered' : ''}">
          <video muted playsinline disablepictureinpicture aria-hidden="true" tabindex="-1"></video>
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
    const { state: now, reason, kind } = this.camera;
    const usual =
      now === 'starting' && kind === 'demo' ? strings.wall.preparingDemo : strings.cameraStateLead[now];
    const [icon, heading, lead] = !this.online
      ? (['unlink', strings.wall.noServer, ''] as const)
      : now !== 'live'
        ? ([
            now === 'refused' ? 'alert' : now === 'stopped' ? 'close' : 'wait',
            strings.cameraState[now],
            reason ?? usual,
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
    const { state: now, fps, dropped, latency, attention } = this.camera;
    if (now !== 'live') return html`<span class="figures state">${strings.cameraState[now]}</span>`;
    return html`
      <span class="figures">
        <span><b>${rate(fps)}</b> ${strings.wall.fps}</span>
        ${
          attention === null
            ? nothing
            : html`<span title=${strings.attentionTitle[attention]}>${strings.attention[attention]}</span>`
        }
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

  #show({ header, image, width: imageWidth, height: imageHeight }: LivePicture): void {
    const ratio = Math.min(2, window.devicePixelRatio);
    const width = Math.round(this.canvas.clientWidth * ratio);
    const height = Math.round(this.canvas.clientHeight * ratio);
    if (width === 0 || height === 0) return;
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    const context = this.canvas.getContext('2d', { alpha: false })!;
    const frame = header?.frame ?? { width: imageWidth, height: imageHeight };
    const place = within({ x: 0, y: 0, width, height }, frame);
    // A frame holds the aspect ratio of the camera's own picture, with black beside it; its video has none.
    const picture = within(place, { width: imageWidth, height: imageHeight });
    context.fillRect(0, 0, width, height);
    context.drawImage(image, picture.x, picture.y, picture.width, picture.height);
    if (header === null) return;
    drawFaces(context, header, place, ratio);
    this.words = inWords(header);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gh-live-tile': GhLiveTile;
  }
}

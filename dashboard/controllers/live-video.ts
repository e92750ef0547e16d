import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { LiveHeader } from '../../server/events/live.js';
import { decodeLive } from '../../server/events/live.js';
import type { DeskClock } from '../clock.js';
import { backoff } from './backoff.js';

/** A decoded picture with the faces of that very picture. */
export interface LivePicture {
  header: LiveHeader;
  image: ImageBitmap;
}

export interface LiveVideoOptions {
  clock: DeskClock;
  open: (camera: string) => WebSocket;
  /** Draws the picture; called inside an animation frame, with the newest picture only. */
  show: (picture: LivePicture) => void;
}

/** Without a new picture for so long, the one on the screen no longer says what is there now. */
const STALE_MS = 2_500;

/**
 * The live picture of one camera, while its host is on the screen: the socket is closed when the tile is out
 * of sight or the tab hidden. One picture is decoded at a time; one that is overtaken meanwhile is dropped.
 */
export class LiveVideo implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #options: LiveVideoOptions;
  #camera: string | null = null;
  #online = true;
  #inSight = false;
  #socket: WebSocket | null = null;
  #tries = 0;
  #cancelTry: (() => void) | null = null;
  #cancelStale: (() => void) | null = null;
  #waiting: ArrayBuffer | null = null;
  #decoding = false;
  #next: LivePicture | null = null;
  #shown: LivePicture | null = null;
  #frame = 0;
  readonly #sight: IntersectionObserver;
  /** waiting: none yet. stale: none of late. */
  picture: 'waiting' | 'showing' | 'stale' = 'waiting';

  constructor(host: ReactiveControllerHost & Element, options: LiveVideoOptions) {
    this.#host = host;
    this.#options = options;
    this.#sight = new IntersectionObserver((entries) => {
      this.#inSight = entries.at(-1)?.isIntersecting ?? false;
      this.#follow();
    });
    host.addController(this);
  }

  /** The picture on the screen; valid until the next one is shown. */
  get shown(): LivePicture | null {
    return this.#shown;
  }

  /** Which camera to follow, and whether the server can be reached at all: coming back is tried at once. */
  watch(camera: string, online: boolean): void {
    if (camera === this.#camera && online === this.#online) return;
    if (camera !== this.#camera) this.#close();
    this.#camera = camera;
    this.#online = online;
    this.#tries = 0;
    this.#follow();
  }

  hostConnected(): void {
    this.#sight.observe(this.#host);
    document.addEventListener('visibilitychange', this.#follow);
  }

  hostDisconnected(): void {
    this.#sight.disconnect();
    document.removeEventListener('visibilitychange', this.#follow);
    this.#inSight = false;
    this.#close();
    this.#shown?.image.close();
    this.#shown = null;
  }

  readonly #follow = () => {
    const wanted = this.#inSight && !document.hidden && this.#online && this.#camera !== null;
    if (!wanted) this.#close();
    else if (this.#socket === null) this.#connect(this.#camera!);
  };

  #connect(camera: string): void {
    this.#cancelTry?.();
    this.#cancelTry = null;
    const socket = this.#options.open(camera);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#watchForStale();
    socket.onmessage = ({ data }) => {
      this.#tries = 0;
      this.#waiting = data as ArrayBuffer;
      void this.#decode();
    };
    socket.onclose = () => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      const wait = backoff(this.#tries, Math.random());
      this.#tries += 1;
      this.#cancelTry = this.#options.clock.after(wait, this.#follow);
    };
  }

  #close(): void {
    this.#cancelTry?.();
    this.#cancelStale?.();
    this.#cancelTry = this.#cancelStale = null;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#waiting = null;
    this.#next?.image.close();
    this.#next = null;
    const socket = this.#socket;
    this.#socket = null;
    if (socket !== null) {
      socket.onmessage = null;
      socket.close();
    }
    this.#become(this.#shown === null ? 'waiting' : 'stale');
  }

  async #decode(): Promise<void> {
    if (this.#decoding) return;
    this.#decoding = true;
    try {
      while (this.#waiting !== null) {
        const { header, jpeg } = decodeLive(this.#waiting);
        this.#waiting = null;
        const image = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }));
        if (this.#socket === null) image.close();
        else this.#offer({ header, image });
      }
    } catch (error) {
      // One broken picture is not the end of the video.
      console.debug('picture left out', error);
    } finally {
      this.#decoding = false;
    }
  }

  #offer(picture: LivePicture): void {
    this.#next?.image.close();
    this.#next = picture;
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    this.#frame = 0;
    const picture = this.#next;
    if (picture === null) return;
    this.#next = null;
    const before = this.#shown;
    this.#shown = picture;
    this.#options.show(picture);
    before?.image.close();
    this.#become('showing');
    this.#watchForStale();
  }

  #watchForStale(): void {
    this.#cancelStale?.();
    this.#cancelStale = this.#options.clock.after(STALE_MS, () => {
      this.#become(this.#shown === null ? 'waiting' : 'stale');
    });
  }

  #become(picture: LiveVideo['picture']): void {
    if (picture === this.picture) return;
    this.picture = picture;
    this.#host.requestUpdate();
  }
}

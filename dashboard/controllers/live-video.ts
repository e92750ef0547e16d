import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { LiveHeader } from '../../server/events/live.js';
import { decodeLive } from '../../server/events/live.js';
import type { DeskClock } from '../clock.js';
import { KeptSocket } from './kept-socket.js';
import type { LiveChannel, LivePicture } from './live-picture.js';
import { VideoChannel } from './video-channel.js';

export interface LiveVideoOptions {
  clock: DeskClock;
  open: (camera: string, channel: LiveChannel) => WebSocket;
  /** Draws the picture; called inside an animation frame, with the newest picture only. */
  show: (picture: LivePicture) => void;
  /** The element that plays a camera's own video. */
  player: () => HTMLVideoElement;
}

/** Without a new picture for so long, the one on the screen no longer says what is there now. */
const STALE_MS = 2_500;
/** The key pictures of a camera that is quiet are all that comes of it, and may be so far apart. */
const QUIET_STALE_MS = 12_000;

/**
 * The live picture of one camera, while its host is on the screen: the sockets are closed when the tile is out
 * of sight or the tab hidden. The camera's own video is played where it has one that this browser plays; before
 * its first picture, and wherever it fails, the recognised frames are shown as JPEG. One of those is decoded at a
 * time; one that is overtaken meanwhile is dropped.
 */
export class LiveVideo implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #options: LiveVideoOptions;
  readonly #frames: KeptSocket;
  readonly #video: VideoChannel;
  #camera: string | null = null;
  #online = true;
  #quiet = false;
  #inSight = false;
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
    const { clock } = options;
    this.#frames = new KeptSocket({
      clock,
      open: () => options.open(this.#camera!, this.#video.playing ? 'faces' : 'pictures'),
      onMessage: (data) => this.#receive(data as ArrayBuffer),
    });
    this.#video = new VideoChannel({
      clock,
      open: () => options.open(this.#camera!, 'video'),
      player: options.player,
      show: (picture) => this.#paint(picture),
      onPlaying: () => {
        // With the video, the faces alone are enough; without it, pictures have to come again.
        this.#dropPictures();
        if (!this.#frames.busy) return;
        this.#frames.close();
        this.#frames.open();
      },
    });
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

  /** Whether it is the camera's own video that is seen. */
  get playing(): boolean {
    return this.#video.playing;
  }

  /**
   * Which camera to follow, and whether the server can be reached at all: coming back is tried at once.
   *
   * @param quiet whether the server looks at its key pictures only, for nothing happens there
   */
  watch(camera: string, online: boolean, quiet = false): void {
    if (quiet !== this.#quiet) {
      this.#quiet = quiet;
      if (this.#cancelStale !== null) this.#watchForStale();
    }
    if (camera === this.#camera && online === this.#online) return;
    if (camera !== this.#camera) this.#close();
    this.#camera = camera;
    this.#online = online;
    this.#frames.forgetTries();
    this.#video.forgetTries();
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
    release(this.#shown);
    this.#shown = null;
  }

  readonly #follow = () => {
    const wanted = this.#inSight && !document.hidden && this.#online && this.#camera !== null;
    if (!wanted) this.#close();
    else if (!this.#frames.busy) {
      this.#watchForStale();
      this.#frames.open();
      this.#video.open();
    }
  };

  #close(): void {
    this.#frames.close();
    this.#video.close();
    this.#cancelStale?.();
    this.#cancelStale = null;
    this.#dropPictures();
    this.#become(this.#shown === null ? 'waiting' : 'stale');
  }

  #dropPictures(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#waiting = null;
    release(this.#next);
    this.#next = null;
  }

  #receive(message: ArrayBuffer): void {
    let header: LiveHeader;
    try {
      ({ header } = decodeLive(message));
    } catch (error) {
      console.debug('message left out', error);
      return;
    }
    this.#video.addFrame(header);
    if (this.#video.playing) return;
    this.#waiting = message;
    void this.#decode();
  }

  async #decode(): Promise<void> {
    if (this.#decoding) return;
    this.#decoding = true;
    while (this.#waiting !== null) {
      try {
        const { header, jpeg } = decodeLive(this.#waiting);
        this.#waiting = null;
        const image = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }));
        if (!this.#frames.busy || this.#video.playing) image.close();
        else this.#offer({ header, image, width: image.width, height: image.height });
      } catch (error) {
        // One broken picture is not the end of the video.
        console.debug('picture left out', error);
      }
    }
    this.#decoding = false;
  }

  #offer(picture: LivePicture): void {
    release(this.#next);
    this.#next = picture;
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const newest = this.#next;
      this.#next = null;
      if (newest !== null) this.#paint(newest);
    });
  }

  #paint(picture: LivePicture): void {
    const before = this.#shown;
    this.#shown = picture;
    this.#options.show(picture);
    release(before);
    this.#become('showing');
    this.#watchForStale();
  }

  #watchForStale(): void {
    this.#cancelStale?.();
    this.#cancelStale = this.#options.clock.after(this.#quiet ? QUIET_STALE_MS : STALE_MS, () => {
      this.#become(this.#shown === null ? 'waiting' : 'stale');
      this.#video.stalled();
    });
  }

  #become(picture: LiveVideo['picture']): void {
    if (picture === this.picture) return;
    this.picture = picture;
    this.#host.requestUpdate();
  }
}

function release(picture: LivePicture | null): void {
  if (picture?.image instanceof ImageBitmap) picture.image.close();
}

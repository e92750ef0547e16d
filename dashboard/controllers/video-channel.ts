import type { LiveHeader } from '../../server/events/live.js';
import { decodeFragment, type VideoMessage } from '../../server/events/video.js';
import type { DeskClock } from '../clock.js';
import { FaceTimeline } from './face-timeline.js';
import { KeptSocket } from './kept-socket.js';
import type { LivePicture } from './live-picture.js';
import { canPlay, VideoPlayer } from './video-player.js';

export interface VideoChannelOptions {
  clock: DeskClock;
  open: () => WebSocket;
  player: () => HTMLVideoElement;
  /** Draws a picture of the video; called in the animation frame that shows it. */
  show: (picture: LivePicture) => void;
  /** `playing` changed. */
  onPlaying: () => void;
}

/** A video that this browser does not play is not sent for so long, ms; meanwhile the camera may have changed. */
const TRY_AGAIN_MS = 60_000;

/** A camera's own video, and which faces belong to which of its pictures. */
export class VideoChannel {
  readonly #options: VideoChannelOptions;
  readonly #socket: KeptSocket;
  readonly #timeline = new FaceTimeline();
  #player: VideoPlayer | null = null;
  #headIsNext = false;
  #cancelTry: (() => void) | null = null;
  #playing = false;
  /** Whether anything came since the last picture that was shown. */
  #heard = false;

  constructor(options: VideoChannelOptions) {
    this.#options = options;
    this.#socket = new KeptSocket({
      clock: options.clock,
      open: options.open,
      onMessage: (data) => this.#receive(data),
      onClose: () => this.#end(),
    });
  }

  /** From the first picture shown until the video ends or fails. */
  get playing(): boolean {
    return this.#playing;
  }

  open(): void {
    if (this.#cancelTry === null) this.#socket.open();
  }

  close(): void {
    this.#cancelTry?.();
    this.#cancelTry = null;
    this.#socket.close();
  }

  forgetTries(): void {
    this.#socket.forgetTries();
  }

  /** A frame was recognised: its faces. */
  addFrame(header: LiveHeader): void {
    this.#timeline.addFrame(header);
  }

  /** No picture was shown for long. Where the video comes all the same, it is the player that hangs. */
  stalled(): void {
    if (this.#player !== null && this.#heard) this.#giveUp('it comes, but no picture is shown');
  }

  #receive(data: ArrayBuffer | string): void {
    if (typeof data === 'string') {
      const message = JSON.parse(data) as VideoMessage;
      this.#end();
      if (message.type !== 'video.start') return;
      if (canPlay(message.codec)) this.#begin(message.codec);
      else this.#giveUp(`${message.codec} is not played here`);
      return;
    }
    if (this.#player === null) return;
    if (this.#headIsNext) {
      this.#headIsNext = false;
      this.#player.add(new Uint8Array(data));
      return;
    }
    const { header, fragment } = decodeFragment(data);
    this.#heard = true;
    this.#timeline.addPicture(header.timeMs, Date.parse(header.at));
    this.#player.add(fragment);
  }

  #begin(codec: string): void {
    const video = this.#options.player();
    this.#headIsNext = true;
    this.#timeline.forgetPictures();
    this.#player = new VideoPlayer(video, codec, {
      onPicture: (timeMs) => {
        this.#heard = false;
        this.#become(true);
        const { videoWidth: width, videoHeight: height } = video;
        this.#options.show({ header: this.#timeline.at(timeMs), image: video, width, height });
      },
      onFailure: (why) => this.#giveUp(why),
    });
  }

  #giveUp(why: unknown): void {
    console.debug('video left out', why);
    this.close();
    this.#cancelTry = this.#options.clock.after(TRY_AGAIN_MS, () => {
      this.#cancelTry = null;
      this.#socket.open();
    });
  }

  #end(): void {
    this.#player?.close();
    this.#player = null;
    this.#become(false);
  }

  #become(playing: boolean): void {
    if (playing === this.#playing) return;
    this.#playing = playing;
    this.#options.onPlaying();
  }
}

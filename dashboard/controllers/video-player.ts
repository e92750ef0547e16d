/** What becomes of a video. */
export interface VideoListeners {
  /** A picture is on the screen now: when it is shown on the video's own clock, ms. */
  onPicture: (timeMs: number) => void;
  /** It cannot be played (any more). Told once. */
  onFailure: (why: unknown) => void;
}

/** Further behind than this, it jumps to the newest picture; a little less far, it hurries. Seconds. */
const JUMP_S = 1;
const HURRY_S = 0.4;
const NEAR_S = 0.2;
const HURRIED_RATE = 1.15;
/** So much of the past is kept, seconds; a browser wants the last key picture at least. */
const PAST_S = 12;
/** More than this waits only where the browser does not decode, bytes. */
const MAX_WAITING = 32 << 20;

const typeOf = (codec: string) => `video/mp4; codecs="${codec}"`;

/** Whether this browser plays a codec as it comes and says which picture it shows. */
export function canPlay(codec: string): boolean {
  return (
    'MediaSource' in window &&
    'requestVideoFrameCallback' in HTMLVideoElement.prototype &&
    MediaSource.isTypeSupported(typeOf(codec))
  );
}

/**
 * Plays a fragmented MP4 as it comes, close behind its newest picture. Playing begins with the first fragment and
 * ends with `close`, after which the element may be given to another player.
 */
export class VideoPlayer {
  readonly #video: HTMLVideoElement;
  readonly #on: VideoListeners;
  readonly #source = new MediaSource();
  readonly #address = URL.createObjectURL(this.#source);
  #buffer: SourceBuffer | null = null;
  #waiting: Uint8Array<ArrayBuffer>[] = [];
  #waitingBytes = 0;
  #callback = 0;
  #over = false;

  constructor(video: HTMLVideoElement, codec: string, on: VideoListeners) {
    this.#video = video;
    this.#on = on;
    this.#source.addEventListener(
      'sourceopen',
      () => {
        if (this.#over) return;
        try {
          this.#buffer = this.#source.addSourceBuffer(typeOf(codec));
        } catch (error) {
          this.#fail(error);
          return;
        }
        this.#buffer.addEventListener('updateend', this.#appended);
        this.#append();
      },
      { once: true },
    );
    video.addEventListener('error', this.#broken);
    // The attribute alone does not mute an element that a template made.
    video.muted = true;
    video.src = this.#address;
    this.#callback = video.requestVideoFrameCallback(this.#shown);
  }

  /** The head, and then fragment after fragment. */
  add(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#over) return;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    if (this.#waitingBytes > MAX_WAITING) this.#fail(new Error('the browser does not decode it in time'));
    else this.#append();
  }

  close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#waiting = [];
    this.#video.cancelVideoFrameCallback(this.#callback);
    this.#video.removeEventListener('error', this.#broken);
    this.#buffer?.removeEventListener('updateend', this.#appended);
    this.#video.removeAttribute('src');
    this.#video.load();
    URL.revokeObjectURL(this.#address);
  }

  readonly #shown: VideoFrameRequestCallback = (_, { mediaTime }) => {
    this.#callback = this.#video.requestVideoFrameCallback(this.#shown);
    this.#on.onPicture(mediaTime * 1000);
  };

  readonly #broken = () => this.#fail(this.#video.error);

  readonly #appended = () => {
    if (this.#source.readyState !== 'open') return;
    this.#keepUp();
    this.#append();
  };

  #append(): void {
    const buffer = this.#buffer;
    if (buffer === null || buffer.updating || this.#source.readyState !== 'open') return;
    try {
      const { buffered } = buffer;
      const past = this.#video.currentTime - PAST_S;
      if (buffered.length > 0 && buffered.start(0) < past - PAST_S) {
        buffer.remove(0, past);
        return;
      }
      if (this.#waiting.length === 0) return;
      const together = new Uint8Array(this.#waitingBytes);
      let at = 0;
      for (const each of this.#waiting) {
        together.set(each, at);
        at += each.length;
      }
      this.#waiting = [];
      this.#waitingBytes = 0;
      buffer.appendBuffer(together);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Close behind the newest picture: a gap in the video, a slept tab or a slow start are made up for. */
  #keepUp(): void {
    const video = this.#video;
    const { buffered } = video;
    if (buffered.length === 0) return;
    const newest = buffered.end(buffered.length - 1);
    const oldest = buffered.start(buffered.length - 1);
    const behind = newest - video.currentTime;
    if (behind > JUMP_S || video.currentTime < oldest) {
      video.currentTime = Math.max(oldest, newest - NEAR_S / 2);
      video.playbackRate = 1;
    } else if (behind > HURRY_S) video.playbackRate = HURRIED_RATE;
    else if (behind < NEAR_S) video.playbackRate = 1;
    if (video.paused) video.play().catch((error: unknown) => this.#refused(error));
  }

  /** Muted video may always be played; an interrupted start is none that failed. */
  #refused(error: unknown): void {
    if ((error as DOMException | null)?.name !== 'AbortError') this.#fail(error);
  }

  #fail(why: unknown): void {
    if (this.#over) return;
    this.close();
    this.#on.onFailure(why);
  }
}

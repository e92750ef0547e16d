import type { WebSocket } from 'ws';
import type { Clock } from '../base/clock.js';
import { encodeFragment, type VideoMessage } from '../events/video.js';
import type { VideoFragment, VideoInit, VideoSink } from '../frames/video.js';

export interface VideoLimits {
  /** A watcher with more than this unread misses pictures until the next key picture, bytes. */
  readonly unreadBytes: number;
  /** More than this since a key picture is not kept, bytes: who comes then waits for the next one. */
  readonly keptBytes: number;
}

export const videoLimits: VideoLimits = { unreadBytes: 4 << 20, keptBytes: 8 << 20 };

/** reading: gets each picture. fresh: came before a key picture. behind: did not read. Both wait for the next one. */
type Watcher = 'reading' | 'fresh' | 'behind';

/** One camera's video: its head, its pictures since the last key picture, and who watches. */
export class CameraVideo implements VideoSink {
  readonly #camera: string;
  readonly #clock: Clock;
  readonly #limits: VideoLimits;
  readonly #watchers = new Map<WebSocket, Watcher>();
  #init: VideoInit | null = null;
  #kept: { fragment: VideoFragment; at: number }[] = [];
  #keptBytes = 0;
  #missed = 0;

  constructor(camera: string, clock: Clock, limits: VideoLimits) {
    this.#camera = camera;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Pictures that a watcher missed because it did not read. */
  get missed(): number {
    return this.#missed;
  }

  start(init: VideoInit): void {
    this.#init = init;
    this.#forget();
    for (const socket of this.#watchers.keys()) {
      this.#watchers.set(socket, 'fresh');
      this.#announce(socket);
    }
  }

  fragment(fragment: VideoFragment): void {
    const at = this.#clock.wall();
    this.#keep(fragment, at);
    let message: Uint8Array | null = null;
    for (const [socket, before] of this.#watchers) {
      let watcher = before;
      if (socket.bufferedAmount > this.#limits.unreadBytes) watcher = 'behind';
      else if (fragment.keyframe) watcher = 'reading';
      this.#watchers.set(socket, watcher);
      if (watcher === 'behind') this.#missed += 1;
      if (watcher === 'reading') socket.send((message ??= encode(fragment, at)));
    }
  }

  end(): void {
    this.#init = null;
    this.#forget();
    for (const socket of this.#watchers.keys()) this.#announce(socket);
  }

  /** Sends a watcher what there is since the last key picture, and from then on what comes, until the function returned is called. */
  watch(socket: WebSocket): () => void {
    this.#announce(socket);
    for (const { fragment, at } of this.#kept) socket.send(encode(fragment, at));
    this.#watchers.set(socket, this.#kept.length === 0 ? 'fresh' : 'reading');
    return () => this.#watchers.delete(socket);
  }

  close(): void {
    for (const socket of this.#watchers.keys()) socket.terminate();
    this.#watchers.clear();
    this.#forget();
  }

  #announce(socket: WebSocket): void {
    const camera = this.#camera;
    const say = (message: VideoMessage) => socket.send(JSON.stringify(message));
    if (this.#init === null) {
      say({ type: 'video.none', camera });
      return;
    }
    const { bytes, codec, width, height } = this.#init;
    say({ type: 'video.start', camera, codec, width, height });
    socket.send(bytes);
  }

  #keep(fragment: VideoFragment, at: number): void {
    if (fragment.keyframe) this.#forget();
    else if (this.#kept.length === 0) return;
    this.#keptBytes += fragment.bytes.length;
    this.#kept.push({ fragment, at });
    if (this.#keptBytes > this.#limits.keptBytes) this.#forget();
  }

  #forget(): void {
    this.#kept = [];
    this.#keptBytes = 0;
  }
}

function encode(fragment: VideoFragment, at: number): Uint8Array {
  const { decodeTimeMs, compositionMs, durationMs, keyframe } = fragment;
  const header = { timeMs: decodeTimeMs + compositionMs, durationMs, keyframe };
  return encodeFragment({ at: new Date(at).toISOString(), ...header }, fragment.bytes);
}

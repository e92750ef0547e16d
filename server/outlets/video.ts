import { BehaviorSubject, distinctUntilChanged, map, type Observable } from 'rxjs';
import type { WebSocket } from 'ws';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { VideoSink } from '../frames/video.js';
import { CameraVideo, videoLimits, type VideoLimits } from './camera-video.js';

export interface VideoView {
  /** Where a camera's video is put. */
  sink(camera: string): VideoSink;
  /** Takes on a watcher of one camera. */
  accept(socket: WebSocket, camera: string): void;
  /** Whether anybody watches a camera's video; says it anew whenever that changes. */
  watched(camera: string): Observable<boolean>;
  readonly watchers: number;
  /** Pictures that a watcher missed because it did not read, since start. */
  readonly missed: number;
  close(): Promise<void>;
}

/**
 * The cameras' own video at `/ws/video/CAMERA`, untouched: nothing is decoded or encoded. While nobody watches, it
 * costs what is kept since the last key picture, so that who comes sees something at once.
 */
export function createVideoView(clock: Clock, log: Log, limits: VideoLimits = videoLimits): VideoView {
  const videos = new Map<string, CameraVideo>();
  const counts = new Map<string, BehaviorSubject<number>>();
  const video = (camera: string): CameraVideo => {
    const found = videos.get(camera) ?? new CameraVideo(camera, clock, limits);
    videos.set(camera, found);
    return found;
  };
  const count = (camera: string): BehaviorSubject<number> => {
    const found = counts.get(camera) ?? new BehaviorSubject(0);
    counts.set(camera, found);
    return found;
  };

  return {
    get watchers() {
      return [...counts.values()].reduce((sum, { value }) => sum + value, 0);
    },
    get missed() {
      return [...videos.values()].reduce((sum, { missed }) => sum + missed, 0);
    },
    sink: video,
    watched: (camera) =>
      count(camera).pipe(
        map((watchers) => watchers > 0),
        distinctUntilChanged(),
      ),
    accept(socket, camera) {
      const leave = video(camera).watch(socket);
      const watchers = count(camera);
      watchers.next(watchers.value + 1);
      socket.on('message', () => socket.close(1008, 'FEED_MESSAGE_INVALID'));
      socket.on('error', (error) => log.debug({ err: error }, 'a watcher of a video failed'));
      socket.on('close', () => {
        leave();
        watchers.next(watchers.value - 1);
      });
    },
    close() {
      for (const each of videos.values()) each.close();
      for (const each of counts.values()) each.complete();
      return Promise.resolve();
    },
  };
}

import type { WebSocket } from 'ws';
import type { Log } from '../base/log.js';
import { encodeLive, type LiveHeader } from '../events/live.js';
import type { Frame } from '../frames/frame.js';
import type { LivePictures } from './live-pictures.js';

/** A watcher with more than this unread misses pictures until it has caught up, bytes. */
const UNREAD_BYTES = 512 * 1024;

export interface LiveView {
  /**
   * Takes on a watcher of one camera.
   *
   * @param pictures false: it has the video, and is sent the faces of each frame only
   */
  accept(socket: WebSocket, camera: string, pictures: boolean): void;
  /** Shows a frame together with what was recognised in it. Costs nothing while nobody watches. */
  show(frame: Frame, header: LiveHeader): void;
  /** A camera is there no more: whoever watches it is told by the close. */
  drop(camera: string): void;
  readonly watchers: number;
  /** Pictures that a watcher missed because it did not read, since start. */
  readonly missed: number;
  close(): Promise<void>;
}

/**
 * The live pictures at `/ws/live/CAMERA`: each is the very frame that was recognised, as JPEG, with its faces
 * beside it, so boxes are always in step. Encoded once for all watchers, off the main thread, and only
 * while somebody watches. A camera's next picture is not begun while one is being encoded.
 *
 * @param pictures closed with the view
 */
export function createLiveView(log: Log, pictures: LivePictures): LiveView {
  /** By camera, and whether they want pictures. */
  const watchers = new Map<string, Map<WebSocket, boolean>>();
  const encoding = new Set<string>();
  let missed = 0;

  const distribute = (camera: string, to: 'pictures' | 'faces', message: Uint8Array): void => {
    for (const [socket, wantsPictures] of watchers.get(camera) ?? []) {
      if (wantsPictures !== (to === 'pictures')) continue;
      if (socket.bufferedAmount > UNREAD_BYTES) missed += 1;
      else socket.send(message);
    }
  };

  const forget = (camera: string): void => {
    watchers.delete(camera);
    pictures.forget(camera);
  };

  return {
    get watchers() {
      return [...watchers.values()].reduce((sum, set) => sum + set.size, 0);
    },
    get missed() {
      return missed;
    },
    accept(socket, camera, wantsPictures) {
      const set = watchers.get(camera) ?? new Map<WebSocket, boolean>();
      watchers.set(camera, set.set(socket, wantsPictures));
      socket.on('message', () => socket.close(1008, 'FEED_MESSAGE_INVALID'));
      socket.on('close', () => {
        set.delete(socket);
        if (set.size === 0 && watchers.get(camera) === set) forget(camera);
      });
      socket.on('error', (error) => log.debug({ err: error }, 'a live watcher failed'));
    },
    show(frame, header) {
      const wishes = [...(watchers.get(frame.camera)?.values() ?? [])];
      if (wishes.includes(false)) distribute(frame.camera, 'faces', encodeLive(header, new Uint8Array()));
      if (!wishes.includes(true) || encoding.has(frame.camera)) return;
      encoding.add(frame.camera);
      pictures
        .encode(frame.camera, frame)
        .then((jpeg) => {
          if (jpeg) distribute(frame.camera, 'pictures', encodeLive(header, jpeg));
        })
        .catch((error: unknown) =>
          log.error({ err: error, camera: frame.camera }, 'a live picture could not be sent'),
        )
        .finally(() => encoding.delete(frame.camera));
    },
    drop(camera) {
      for (const socket of watchers.get(camera)?.keys() ?? []) socket.close(1001, 'the camera is gone');
      forget(camera);
    },
    close() {
      for (const set of watchers.values()) for (const socket of set.keys()) socket.terminate();
      watchers.clear();
      return pictures.close();
    },
  };
}

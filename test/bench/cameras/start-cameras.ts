import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Pace, SentPicture } from './camera-server.js';

/** One camera to be served: its path, the clip's file, and with which picture it begins. */
export interface CameraWish {
  path: string;
  clip: string;
  offset: number;
}

export type CamerasQuestion =
  | { kind: 'open' }
  | { kind: 'serve'; cameras: CameraWish[] }
  | { kind: 'sent'; camera: string; from: number; to: number }
  | { kind: 'pace' };

export interface CamerasAnswer {
  open: number;
  serve: { clip: string; kbits: number }[];
  sent: SentPicture[];
  pace: Pace;
}

/** The process that plays the cameras. */
export interface Cameras {
  readonly pid: number;
  url(path: string): string;
  /** From now on these and no others; answers how much each clip sends, kbit/s. */
  serve(cameras: CameraWish[]): Promise<CamerasAnswer['serve']>;
  /** Pictures that a camera sent between two moments of the wall clock, ms, at most two minutes back. */
  sent(camera: string, from: number, to: number): Promise<SentPicture[]>;
  pace(): Promise<Pace>;
  close(): Promise<void>;
}

/** Starts it; no camera is served yet. */
export async function startCameras(): Promise<Cameras> {
  const child = fork(fileURLToPath(new URL('./camera-server.child.ts', import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
  let asked = 0;
  child.on('message', ({ id, answer }: { id: number; answer: never }) => {
    waiting.get(id)?.resolve(answer);
    waiting.delete(id);
  });
  child.once('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('the cameras went away'));
    waiting.clear();
  });
  const ask = <Q extends CamerasQuestion>(question: Q): Promise<CamerasAnswer[Q['kind']]> => {
    if (!child.connected) return Promise.reject(new Error('the cameras went away'));
    asked += 1;
    const id = asked;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      child.send({ id, question });
    });
  };
  const port = await ask({ kind: 'open' });
  return {
    pid: child.pid!,
    url: (path) => `rtsp://127.0.0.1:${port}/${path}`,
    serve: (cameras) => ask({ kind: 'serve', cameras }),
    sent: (camera, from, to) => ask({ kind: 'sent', camera, from, to }),
    pace: () => ask({ kind: 'pace' }),
    async close() {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}

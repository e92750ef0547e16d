import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../base/clock.js';
import { asGatehouseError, type GatehouseError } from '../../base/errors.js';
import type { VideoSink } from '../../frames/video.js';
import { readFragments } from './read-fragments.js';

/** Where an ffmpeg leaves the video that it copies. */
export interface VideoInlet {
  /** The address for ffmpeg, on this machine. */
  readonly url: string;
  /** Closes everything and says to the sink that the video is over; harmless twice. */
  close(): Promise<void>;
}

/** An address of a socket in the file system may have this many bytes at least everywhere. */
const LONGEST_PATH = 100;

/**
 * Listens for one ffmpeg, on a socket in a folder that only this user may enter (on Windows: on loopback), and
 * puts the video that it copies into `sink`. What comes is always read to its end, also once it turned out to be
 * of no use: an output that is not read would stall ffmpeg, and with it the frames.
 *
 * @param clock says when a picture came
 * @param refused told once where the video is none that can be shown: VIDEO_UNUSABLE
 */
export async function openVideoInlet(
  sink: VideoSink,
  clock: Pick<Clock, 'monotonic'>,
  refused: (why: GatehouseError) => void,
  platform: NodeJS.Platform = process.platform,
): Promise<VideoInlet> {
  let client: Socket | null = null;
  let started = false;
  const end = () => {
    if (started) sink.end();
    started = false;
  };
  const server = createServer((socket) => {
    // One ffmpeg, one connection; nobody else is let in, and nothing is left in the file system from now on.
    void closeServer();
    if (client !== null) {
      socket.destroy();
      return;
    }
    client = socket;
    let read: ((chunk: Buffer) => void) | null = readFragments(
      {
        start: (init) => {
          started = true;
          sink.start(init);
        },
        fragment: (fragment) => sink.fragment(fragment),
        end,
      },
      clock,
    );
    socket.on('error', () => undefined);
    socket.on('close', end);
    socket.on('data', (chunk: Buffer) => {
      try {
        read?.(chunk);
      } catch (error) {
        read = null;
        end();
        refused(asGatehouseError(error));
      }
    });
  });
  server.on('error', () => undefined);

  let folder: string | null = null;
  const closeServer = async (): Promise<void> => {
    if (server.listening) server.close();
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  };

  const own = platform === 'win32' ? null : await mkdtemp(join(tmpdir(), 'gatehouse-'));
  folder = own;
  const path = own === null ? null : join(own, 'video');
  const asFile = path !== null && Buffer.byteLength(path) <= LONGEST_PATH;
  try {
    if (asFile) server.listen(path);
    else server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    await closeServer();
    throw error;
  }
  return {
    url: asFile ? `unix:${path}` : `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const gone = client !== null && !client.closed ? once(client.destroy(), 'close') : null;
      await Promise.all([closeServer(), gone]);
      end();
    },
  };
}

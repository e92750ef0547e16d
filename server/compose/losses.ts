import type { Losses } from '../events/desk.js';
import type { StagedCamera } from './camera.js';
import type { Loss, Traffic } from './traffic.js';

/** Where events and pictures may be lost, as they are counted there. */
export interface LossReadings {
  readonly journal: { readonly lost: number; readonly failing: { readonly waiting: number } | null };
  readonly feed: { readonly cutOff: number };
  readonly live: { readonly missed: number };
  readonly video: { readonly missed: number };
}

/** What `/health` tells of them. */
export function lossesOf(
  { journal, feed, live, video }: LossReadings,
  cameras: readonly Pick<StagedCamera, 'id' | 'slot' | 'undecoded'>[],
  traffic: Pick<Traffic, 'lossesOf'>,
): Losses {
  return {
    frames: Object.fromEntries(
      cameras.map(({ id, slot, undecoded }) => [
        id,
        { undecoded, overtaken: slot.dropped, failed: failedOf(traffic.lossesOf(id)) },
      ]),
    ),
    eventsLost: journal.lost,
    eventsWaiting: journal.failing?.waiting ?? 0,
    clientsCutOff: feed.cutOff,
    livePicturesMissed: live.missed,
    videoPicturesMissed: video.missed,
  };
}

/** Frames by the code of the error that they were lost to. */
function failedOf(losses: readonly Loss[]): Record<string, number> {
  const frames: Record<string, number> = {};
  for (const loss of losses) frames[loss.code] = (frames[loss.code] ?? 0) + loss.frames;
  return frames;
}

import type { Instruments } from './instruments.js';
import { one } from './instruments.js';

/** The outlets as the metrics see them. */
export interface OutletReadings {
  readonly feed: { readonly clients: number; readonly cutOff: number; readonly sent: number };
  readonly live: { readonly watchers: number; readonly missed: number };
  readonly video: { readonly watchers: number; readonly missed: number };
}

/** Who listens, and who does not keep up. */
export function outletMetrics(instruments: Instruments, { feed, live, video }: OutletReadings): void {
  instruments.readGauge('feed_clients', 'Clients of the event feed', [], () => one(feed.clients));
  instruments.readCounter(
    'feed_events_sent_total',
    'Events that were sent, to all clients together',
    [],
    () => one(feed.sent),
  );
  instruments.readCounter(
    'feed_clients_cut_off_total',
    'Clients of the feed that did not read and were cut off',
    [],
    () => one(feed.cutOff),
  );
  instruments.readGauge('live_watchers', 'Watchers of live pictures', [], () => one(live.watchers));
  instruments.readCounter(
    'live_pictures_missed_total',
    'Live pictures that a watcher missed because it did not read',
    [],
    () => one(live.missed),
  );
  instruments.readGauge('video_watchers', "Watchers of cameras' own video", [], () => one(video.watchers));
  instruments.readCounter(
    'video_pictures_missed_total',
    'Pictures of video that a watcher missed because it did not read',
    [],
    () => one(video.missed),
  );
}

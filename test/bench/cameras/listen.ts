import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { FeedMessage, VisitEvent } from '../../../server/events/event.js';
import { isVisitEvent } from '../../../server/events/event.js';
import { entrance } from './cast.js';
import type { Named } from './crossings.js';
import type { StreamName } from './kinds.js';
import { placeEntrance, placeEvent } from './place-event.js';
import type { Cameras } from './start-cameras.js';

/** What a client of the feed saw, ms. */
export interface Heard {
  /** From the sending of the picture in which a visit began to its event arriving here. */
  frameToEvent: number[];
  /** From the sending of the first picture that shows somebody's whole face to their name arriving here. */
  entranceToName: number[];
  /** Visits that began where nobody was drawn within `LOOK_BACK_MS`: false alarms, or events later than that. */
  unplaced: number;
  /** Every name that was told, of whatever camera. */
  names: Named[];
}

/** People follow each other in three seconds: further back the same place is another's. */
const LOOK_BACK_MS = 2_500;
const CROSSING_MS = 4_500;

/** Listens to the feed from now on, and asks the cameras at once what they had sent when. */
export async function listen(
  url: string,
  cameras: Pick<Cameras, 'sent'>,
  stream: StreamName,
): Promise<{ heard: () => Promise<Heard>; close: () => void }> {
  const heard: Heard = { frameToEvent: [], entranceToName: [], unplaced: 0, names: [] };
  const asking = new Set<Promise<void>>();
  const take = async (event: VisitEvent, receivedAt: number): Promise<void> => {
    if (event.type === 'visit.started') {
      const at = Date.parse(event.at);
      const placed = placeEvent(event, await cameras.sent(event.camera, at - LOOK_BACK_MS, at), stream);
      if (placed) heard.frameToEvent.push(receivedAt - placed[1]);
      else heard.unplaced += 1;
    }
    if (event.type === 'visit.recognised') {
      heard.names.push({ camera: event.camera, person: event.person.id, at: receivedAt });
      const sent = await cameras.sent(event.camera, receivedAt - CROSSING_MS, receivedAt);
      const entered = placeEntrance(entrance(event.person.id, stream), sent);
      // Who was in view already when the camera came up was never seen to enter.
      if (entered !== null) heard.entranceToName.push(receivedAt - entered);
    }
  };
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/events`);
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    const receivedAt = Date.now();
    const message = JSON.parse((data as Buffer).toString()) as FeedMessage;
    if (!isVisitEvent(message)) return;
    const taking = take(message, receivedAt).catch(() => undefined);
    asking.add(taking);
    void taking.then(() => asking.delete(taking));
  });
  await once(socket, 'open');
  return {
    async heard() {
      await Promise.all(asking);
      return heard;
    },
    close: () => socket.terminate(),
  };
}

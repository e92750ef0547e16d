import { demoPeople } from '../../../server/demo/people.js';
import { SpriteSheet } from '../../../server/demo/sprite-sheet.js';
import { emptyLobby } from '../../fixtures/empty-lobby.js';
import { castAt, walks } from './cast.js';
import { streams, type StreamName } from './kinds.js';

/** Pictures of the busy clip with their people, RGB, each an array of its own. */
export async function* drawBusy(
  stream: StreamName,
  pictures: Iterable<number>,
): AsyncGenerator<Uint8Array, void> {
  const { width, height } = streams[stream];
  const empty = await emptyLobby({ width, height });
  const sheets = new Map(
    walks.map((walk) => [
      walk.person,
      new SpriteSheet(
        demoPeople.find(({ id }) => id === walk.person)!,
        walk.size * height,
      ),
    ]),
  );
  for (const index of pictures) {
    const pixels = empty.slice();
    for (const { walk, x, y, size, stride } of castAt(index, stream)) {
      const pose = { yaw: 0, pitch: 1, roll: 0, smile: 0.2, blink: 0, stride };
      await sheets.get(walk.person)!.show({ width, height, pixels }, { x, y, size, pose });
    }
    yield pixels;
  }
}

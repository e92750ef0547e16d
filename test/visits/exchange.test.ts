import { describe, expect, it } from 'vitest';
import { MERGED, resume, takeBack } from '../../server/visits/exchange.js';
import type { Stay } from '../../server/visits/stay.js';
import { galleryOf, scene } from './scene.js';

const ada = (x = 100) => ({ who: 'ada', x });
const bo = (x = 500) => ({ who: 'bo', x });
const stranger = { who: 'stranger', x: 900 };
const ids = (stays: readonly Stay[] | undefined) => stays?.map(({ visit }) => visit?.id);

/** Ada's visit, and a stranger's that is not decided yet; what is seen of Ada meanwhile is up to the test. */
function staysWhile(seen: readonly { who: string; x: number }[]): readonly Stay[] {
  const door = scene(galleryOf('ada', 'bo'));
  door.frames(5, () => [ada()]);
  door.frames(2, () => [...seen, stranger]);
  expect(ids(door.state.stays)).toEqual(['run-1', 'run-2']);
  return door.state.stays;
}

describe('somebody who is known again', () => {
  it('goes on with their visit where it is out of sight, and the one that began is over', () => {
    const stays = staysWhile([]);
    const resumed = resume(stays, 1, 'ada');
    expect(resumed?.over?.id).toBe('run-2');
    expect(resumed?.stays[0]).toBe(MERGED);
    const { visit, track } = resumed!.stays[1];
    expect(visit).toMatchObject({ id: 'run-1', verdict: { person: { id: 'ada' } }, last: track.latest });
    expect(track.recognisedAs).toBe('ada');
  });

  it('takes it from a face that is somebody else’s by now, which goes on as the one that began', () => {
    const stays = staysWhile([bo(100)]);
    const { against } = stays[0];
    expect(against.map(({ vote }) => vote)).toEqual(['bo', 'bo']);
    const resumed = resume(stays, 1, 'ada');
    expect(resumed?.over).toBeNull();
    expect(ids(resumed?.stays)).toEqual(['run-2', 'run-1']);
    const [other] = resumed!.stays;
    expect(other).toMatchObject({ looks: 2, embeddedLooks: 2, against: [], window: against });
    expect(other.first).toBe(against[0]);
    expect(other.track.recognisedAs).toBeNull();
  });

  it('has none to go on with while their own face holds it, or where they had none', () => {
    const stays = staysWhile([ada()]);
    expect(resume(stays, 1, 'ada')).toBeNull();
    expect(resume(stays, 1, 'bo')).toBeNull();
  });
});

describe('two who were confused', () => {
  const both = () => {
    const door = scene(galleryOf('ada', 'bo'));
    door.frames(5, () => [ada(), bo()]);
    const [first, second] = door.state.stays;
    return { first, second, showingBo: { ...first, against: [second.track.latest] } };
  };

  it('change visits where each is named in the other’s place', () => {
    const { first, second, showingBo } = both();
    const stays = [showingBo, { ...second, against: [first.track.latest] }];
    const after = takeBack(stays, 0);
    expect(ids(after ?? [])).toEqual(['run-2', 'run-1']);
    expect(after?.map(({ track }) => track.recognisedAs)).toEqual(['bo', 'ada']);
    expect(ids(stays)).toEqual(['run-1', 'run-2']);
  });

  it('leave the one who is out of sight where they were last seen', () => {
    const { first, second, showingBo } = both();
    const after = takeBack([showingBo, { ...second, seen: false }], 0);
    expect(ids(after ?? [])).toEqual(['run-2', 'run-1']);
    const hidden = after![1];
    expect(hidden).toMatchObject({ seen: false, looks: first.looks });
    expect(hidden.track.latest).toBe(first.visit!.last);
  });

  it('keep them where the other is in the picture and not in doubt, or is not there at all', () => {
    const { second, showingBo } = both();
    expect(takeBack([showingBo, second], 0)).toBeNull();
    expect(takeBack([showingBo], 0)).toBeNull();
  });
});

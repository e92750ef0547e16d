import { expect, it } from 'vitest';
import { personOfPhoto } from '../../server/identities/person-of-photo.js';

it.each([
  ['skuli.jpg', 'skuli', 'Skuli'],
  ['skuli.2.jpg', 'skuli', 'Skuli'],
  ['skuli (3).png', 'skuli', 'Skuli'],
  ['Skuli.JPG', 'skuli', 'Skuli'],
  ['ada-lovelace.jpg', 'ada-lovelace', 'Ada Lovelace'],
  ['ada_lovelace.jpg', 'ada-lovelace', 'Ada Lovelace'],
  ['ada-lovelace/front.webp', 'ada-lovelace', 'Ada Lovelace'],
  ['ada-lovelace/2024/may/1.jpg', 'ada-lovelace', 'Ada Lovelace'],
  ['Anne-Marie Olsen.jpg', 'anne-marie-olsen', 'Anne-Marie Olsen'],
  ["o'brien.jpg", "o'brien", "O'brien"],
  ['McDonald.jpg', 'mcdonald', 'McDonald'],
  ['josé-maría.jpg', 'josé-maría', 'José María'],
  ['jose\u0301.jpg', 'josé', 'José'],
  ['þórður.jpg', 'þórður', 'Þórður'],
  ['愛.jpg', '愛', '愛'],
  ['agent-47.jpg', 'agent-47', 'Agent 47'],
  ['dr. no.jpg', 'dr.-no', 'Dr. No'],
  ['v2.1/x.jpg', 'v2.1', 'V2.1'],
])('%s is %s, %s', (photo, id, name) => {
  expect(personOfPhoto(photo)).toEqual({ id, name });
});

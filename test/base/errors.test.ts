import { expect, it } from 'vitest';
import { GatehouseError } from '../../server/base/errors.js';

it.each([
  ['the disk is full', 'the disk is full. Free some space.'],
  ['The scene could not be drawn.', 'The scene could not be drawn. Free some space.'],
  ['"fsp": did you mean "fps"?', '"fsp": did you mean "fps"? Free some space.'],
  ['two things:\n  a\n  b', 'two things:\n  a\n  b.\nFree some space.'],
])('an error says what is wrong and what to do, as sentences: %j', (message, advice) => {
  expect(new GatehouseError('DISK_FULL', message, 'Free some space.').advice).toBe(advice);
});

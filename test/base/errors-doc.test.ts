import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorCodes } from '../../server/base/errors.js';

test('docs/errors.md explains every code with its exit code, and none that does not exist', () => {
  const documented = Object.fromEntries(
    [...readFileSync('docs/errors.md', 'utf8').matchAll(/^\| `([A-Z_]+)`\s*\| (\d+)\s*\|/gm)].map(
      ([, code, exit]) => [code, Number(exit)],
    ),
  );
  expect(documented).toEqual(errorCodes);
});

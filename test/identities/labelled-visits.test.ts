import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseLabels, readLabelledVisits } from '../../server/identities/labelled-visits.js';
import { embeddingOf } from '../fixtures/enrolled-person.js';
import { photoOf, rectangleRecogniser } from './drawn-photo.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-labels-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(csv: string, onProgress?: (done: number, total: number) => void) {
  await writeFile(join(folder, 'labels.csv'), csv);
  return await readLabelledVisits(join(folder, 'labels.csv'), {
    snapshotsFolder: folder,
    recognise: rectangleRecogniser().recognise,
    ...(onProgress ? { onProgress } : {}),
  });
}

const snapshot = async (visit: string, colours: string[], options: Parameters<typeof photoOf>[1] = {}) =>
  writeFile(join(folder, `${visit}.jpg`), await photoOf(colours, { format: 'jpeg', ...options }));

it('takes a face from the snapshot of every visit, strangers too', async () => {
  await snapshot('a1-1', ['#c00000']);
  await snapshot('a1-2', ['#00c000']);
  await snapshot('a1-3', ['#0000c0']);
  const progress: string[] = [];
  const { faces, problems } = await read('visit,person\na1-1,ada\na1-2,\na1-3,?\n', (done, total) =>
    progress.push(`${done}/${total}`),
  );
  expect(problems).toEqual([]);
  expect(faces.map(({ visit, person }) => [visit, person])).toEqual([
    ['a1-1', 'ada'],
    ['a1-2', null],
    ['a1-3', null],
  ]);
  expect(faces.map(({ embedding }) => embedding)).toEqual(['3,0,0', '0,3,0', '0,0,3'].map(embeddingOf));
  expect(progress).toEqual(['1/3', '2/3', '3/3']);
});

it('takes the face in the middle, not one beside it', async () => {
  // 640 wide: the second of three faces is around the middle.
  await snapshot('v', ['#c00000', '#00c000', '#0000c0'], { face: 180 });
  const { faces } = await read('v,bo');
  expect(faces.map(({ embedding }) => embedding)).toEqual([embeddingOf('0,3,0')]);
});

it('tells what cannot be used, line by line, and uses the rest', async () => {
  await snapshot('good', ['#c00000']);
  await snapshot('empty', []);
  await writeFile(join(folder, 'broken.jpg'), 'no picture');
  const { faces, problems } = await read(
    [
      '# who came',
      'gone,ada',
      'broken,ada',
      '',
      'empty,ada',
      'no comma',
      '../good,ada',
      'good,ada',
      'good,bo',
    ].join('\r\n'),
  );
  expect(faces.map(({ visit, person }) => [visit, person])).toEqual([['good', 'ada']]);
  expect(problems.map(({ line, visit, code }) => [line, visit, code])).toEqual([
    [2, 'gone', 'SNAPSHOT_MISSING'],
    [3, 'broken', 'PHOTO_CORRUPT'],
    [5, 'empty', 'PHOTO_NO_FACE'],
    [6, 'no comma', 'LABEL_INVALID'],
    [7, '../good', 'LABEL_INVALID'],
    [9, 'good', 'LABEL_INVALID'],
  ]);
  expect(problems.every(({ reason, remedy }) => reason.length > 10 && remedy.length > 10)).toBe(true);
  expect(problems[5].reason).toContain('line 8');
});

it('a file that cannot be read is one error', async () => {
  const missing = readLabelledVisits(join(folder, 'none.csv'), {
    snapshotsFolder: folder,
    recognise: rectangleRecogniser().recognise,
  });
  await expect(missing).rejects.toMatchObject({ code: 'LABELS_UNREADABLE' });
});

it.each([
  ['quotes', '"v","ada-lovelace"', 'ada-lovelace'],
  ['a comma within quotes', 'v,"olsen,-ada",seen at noon', 'olsen,-ada'],
  ['quotes within quotes', 'v,"a ""b"" c"', 'a "b" c'],
  ['blanks', '  v ,  ada  ', 'ada'],
  ['a byte order mark and a header', '\uFEFFVisit,Person\nv,ada', 'ada'],
  ['quoted emptiness', 'v,""', null],
])('reads %s', (_, text, person) => {
  const { labels, problems } = parseLabels(text);
  expect(problems).toEqual([]);
  expect(labels.map((label) => [label.visit, label.person])).toEqual([['v', person]]);
});

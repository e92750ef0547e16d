import { describe, expect, it } from 'vitest';
import { GatehouseError } from '../../server/base/errors.js';
import { ACROSS, groupByFolder } from '../../server/evaluation/group-by-folder.js';
import { parsePairs } from '../../server/evaluation/pairs.js';

function refusal(text: string): GatehouseError {
  try {
    parsePairs(text);
  } catch (thrown) {
    if (thrown instanceof GatehouseError) return thrown;
  }
  throw new Error('it was taken');
}

describe('csv', () => {
  it('is read with or without a head, with every way to say same', () => {
    const lines = 'x/1.jpg,x/2.jpg,1\nx/1.jpg,"y, z/1.jpg",different\n\n# later\na.png , b.png , TRUE\n';
    const expected = [
      { a: 'x/1.jpg', b: 'x/2.jpg', same: true, line: 1 },
      { a: 'x/1.jpg', b: 'y, z/1.jpg', same: false, line: 2 },
      { a: 'a.png', b: 'b.png', same: true, line: 5 },
    ];
    expect(parsePairs(lines)).toEqual({ format: 'csv', pairs: expected });
    expect(parsePairs(`\uFEFFa,b,same\r\n${lines.replaceAll('\n', '\r\n')}`).pairs).toEqual(
      expected.map((pair) => ({ ...pair, line: pair.line + 1 })),
    );
  });

  it('takes folds, for all pairs or none', () => {
    expect(
      parsePairs('a,b,same,fold\n1.png,2.png,1,3\n1.png,3.png,0,0\n').pairs.map(({ fold }) => fold),
    ).toEqual([3, 0]);
    expect(refusal('1.png,2.png,1,3\n1.png,3.png,0\n').message).toContain(
      '1 pairs have a fold and 1 have none',
    );
  });

  it('names wrong lines, and counts those that are too many to name', () => {
    const wrong = refusal('a,b,same\n1.png,2.png\n1.png,2.png,maybe\n,2.png,1\n1.png,2.png,1,first\n');
    expect(wrong.code).toBe('PAIRS_INVALID');
    expect(wrong.message).toContain('line 2: 2 columns');
    expect(wrong.message).toContain('line 3: "maybe" says neither');
    expect(wrong.message).toContain('line 4: a picture is missing');
    expect(wrong.message).toContain('line 5: "first" is no fold');
    expect(parsePairs('file1,file2,same\n1.png,2.png,same\n').pairs).toHaveLength(1);
    expect(refusal('a.png,b.png,?\n'.repeat(9)).message).toMatch(/; and \d more$/);
    expect(refusal('"a,b,1\n').code).toBe('PAIRS_INVALID');
    expect(refusal('').message).toContain('no pair');
    expect(refusal('a,b,same\n').message).toContain('no pair');
  });
});

describe("LFW's pairs.txt", () => {
  const official = [
    '2\t2',
    'Abel_Pacheco\t1\t4',
    'Akhmed_Zakayev\t1\t3',
    'Abdel_Madi_Shabneh\t1\tDean_Barker\t12',
    'Abdul_Rahman\t1\tPortia_de_Rossi\t1',
    'A\t1\t2',
    'B\t1\t2',
    'A\t1\tB\t2',
    'A\t2\tB\t1',
    '',
  ].join('\n');

  it('is read as it is', () => {
    const { format, pairs } = parsePairs(official);
    expect(format).toBe('lfw');
    expect(pairs).toHaveLength(8);
    expect(pairs[0]).toEqual({
      a: 'Abel_Pacheco/Abel_Pacheco_0001.jpg',
      b: 'Abel_Pacheco/Abel_Pacheco_0004.jpg',
      same: true,
      fold: 0,
      line: 2,
    });
    expect(pairs[2]).toMatchObject({ b: 'Dean_Barker/Dean_Barker_0012.jpg', same: false, fold: 0, line: 4 });
    expect(pairs.map(({ fold }) => fold)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
  });

  it('names wrong lines, and notices a file that is cut off', () => {
    expect(refusal(official.replace('B\t1\t2\nA', 'B\tone\t2\nA')).message).toContain('line 7: neither');
    expect(refusal(official.split('\n').slice(0, 6).join('\n')).message).toContain(
      'announces 2 x 2 x 2 pairs, and there are 5',
    );
  });
});

it('pairs belong to the first folder below what all have in common', () => {
  const pair = (a: string, b: string) => ({ a, b });
  const groups = groupByFolder([
    pair('images/orl/s1/1.png', 'images/orl/s2/1.png'),
    pair('images/bbt/amy/1.png', 'images/orl/s1/1.png'),
    pair('images/bbt/amy/1.png', 'images/bbt/amy/2.png'),
  ]);
  expect([...groups].map(([folder, members]) => [folder, members.length])).toEqual([
    ['bbt', 1],
    ['orl', 1],
    [ACROSS, 1],
  ]);
  expect([...groupByFolder([pair('1.png', '2.png')]).keys()]).toEqual(['.']);
  expect(groupByFolder([]).size).toBe(0);
});

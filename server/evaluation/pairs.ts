import { parse } from 'csv-parse/sync';
import { GatehouseError } from '../base/errors.js';

/** Two pictures to compare, by their paths below a root folder. */
export interface PicturePair {
  a: string;
  b: string;
  same: boolean;
  fold?: number;
  /** Where it stands in its file, from 1. */
  line: number;
}

export interface PairsFile {
  format: 'csv' | 'lfw';
  pairs: PicturePair[];
}

/** Wrong lines that are named before the rest is only counted. */
const NAMED = 5;

/**
 * Reads a list of pairs: csv lines `a,b,same[,fold]` (a head line may come first, told by names without a dot; same is 1/0, true/false, yes/no or
 * same/different), or LFW's own `pairs.txt`, told by its first line of one or two numbers.
 *
 * @throws GatehouseError PAIRS_INVALID, which names the wrong lines
 */
export function parsePairs(text: string): PairsFile {
  const format = /^\uFEFF?\d+([ \t]+\d+)?[ \t]*\r?\n/u.test(text) ? 'lfw' : 'csv';
  const wrong: string[] = [];
  const pairs = format === 'lfw' ? parseLfw(text, wrong) : parseCsv(text, wrong);
  if (wrong.length > 0) {
    const more = wrong.length > NAMED ? `; and ${wrong.length - NAMED} more` : '';
    throw invalid(`${wrong.slice(0, NAMED).join('; ')}${more}`);
  }
  if (pairs.length === 0) throw invalid('there is no pair in it');
  const folded = pairs.filter(({ fold }) => fold !== undefined).length;
  if (folded > 0 && folded < pairs.length)
    throw invalid(`${folded} pairs have a fold and ${pairs.length - folded} have none`);
  return { format, pairs };
}

const truths: Record<string, boolean> = {
  '1': true,
  true: true,
  yes: true,
  same: true,
  '0': false,
  false: false,
  no: false,
  different: false,
};

function parseCsv(text: string, wrong: string[]): PicturePair[] {
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      bom: true,
      info: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      comment: '#',
      comment_no_infix: true,
    }) as unknown as typeof records;
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause), cause);
  }
  return records.flatMap(({ record, info: { lines: line } }, index) => {
    const [a = '', b = '', said = '', fold = ''] = record;
    // A head: pictures have an ending.
    if (index === 0 && !/[./\\]/u.test(a + b)) return [];
    const same = truths[said.toLowerCase()] as boolean | undefined;
    const problem =
      record.length < 3 || record.length > 4
        ? `${record.length} columns, not a,b,same or a,b,same,fold`
        : a === '' || b === ''
          ? 'a picture is missing'
          : same === undefined
            ? `"${said}" says neither same (1) nor different (0)`
            : fold !== '' && !/^\d{1,4}$/u.test(fold)
              ? `"${fold}" is no fold: a whole number`
              : null;
    if (problem !== null || same === undefined) {
      wrong.push(`line ${line}: ${problem}`);
      return [];
    }
    return [{ a, b, same, line, ...(fold === '' ? {} : { fold: Number(fold) }) }];
  });
}

/**
 * LFW's pairs.txt: `folds TAB pairs` (or only `pairs`: one fold), then for each fold that many lines
 * `name TAB n1 TAB n2` and as many `name1 TAB n1 TAB name2 TAB n2`; picture n of a name is `name/name_000n.jpg`.
 */
function parseLfw(text: string, wrong: string[]): PicturePair[] {
  const lines = text.replace(/^\uFEFF/u, '').split(/\r?\n/u);
  const head = lines[0].trim().split(/\s+/u).map(Number);
  const [folds, each] = head.length === 2 ? head : [1, head[0]];
  const path = (name: string, number: string): string => `${name}/${name}_${number.padStart(4, '0')}.jpg`;
  const pairs = lines.slice(1).flatMap((content, index): PicturePair[] => {
    if (content.trim() === '') return [];
    const line = index + 2;
    const fields = content.trim().split(/\s+/u);
    const numbers = fields.length === 3 ? fields.slice(1) : [fields[1], fields[3]];
    if (fields.length < 3 || fields.length > 4 || !numbers.every((number) => /^\d{1,6}$/u.test(number))) {
      wrong.push(`line ${line}: neither "name n1 n2" nor "name1 n1 name2 n2"`);
      return [];
    }
    const other = fields.length === 3 ? fields[0] : fields[2];
    return [
      {
        a: path(fields[0], numbers[0]),
        b: path(other, numbers[1]),
        same: fields.length === 3,
        line,
      },
    ];
  });
  if (wrong.length === 0 && pairs.length !== folds * each * 2)
    throw invalid(
      `its first line announces ${folds} x 2 x ${each} pairs, and there are ${pairs.length}: is the file cut off?`,
    );
  return folds === 1
    ? pairs
    : pairs.map((pair, index) => ({ ...pair, fold: Math.floor(index / (each * 2)) }));
}

function invalid(what: string, cause?: unknown): GatehouseError {
  return new GatehouseError(
    'PAIRS_INVALID',
    `the list of pairs is not as expected: ${what}`,
    'Write lines "a,b,same" with paths below --root, or use the pairs.txt of LFW as it is.',
    { cause },
  );
}

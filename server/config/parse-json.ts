import { getLocation, parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { GatehouseError } from '../base/errors.js';

/**
 * Parses JSON, comments and trailing commas excluded, and says where it is wrong by line and path. JSON.parse would quote
 * the text around the place instead, and with it perhaps a password.
 *
 * @param file name for the message
 * @throws CONFIG_NOT_JSON
 */
export function parseJson(text: string, file: string): unknown {
  const errors: ParseError[] = [];
  // Editors of some systems put a byte order mark first.
  const json = text.replace(/^\uFEFF/, '');
  const value: unknown = parse(json, errors, { disallowComments: true, allowTrailingComma: false });
  const first = errors.at(0);
  if (!first) return value;
  const before = json.slice(0, first.offset).split('\n');
  const path = getLocation(json, first.offset)
    .path.filter((step) => step !== '')
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
  const what = printParseErrorCode(first.error)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  throw new GatehouseError(
    'CONFIG_NOT_JSON',
    `${file} is not valid JSON: ${path === '' ? '' : `${path}: `}${what} (line ${before.length}, column ${before.at(-1)!.length + 1})`,
    'Correct it; an editor that knows JSON shows the place.',
  );
}

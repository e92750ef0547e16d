/**
 * Writes docs/streams.config.schema.json and the table of keys in docs/configuration.md from the schema in
 * server/config/schema/: `npm run docs:config`. test/config/config-docs.test.ts fails while they are out of step.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { z } from 'zod';
import { configSchema } from '../server/config.js';

interface Schema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
}

const SCHEMA_FILE = 'docs/streams.config.schema.json';
const GUIDE_FILE = 'docs/configuration.md';
const BEGIN = '<!-- keys: begin, written by npm run docs:config -->';
const END = '<!-- keys: end -->';

/** Both files as they should be, by path. */
export async function configDocs(): Promise<Record<string, string>> {
  const schema = z.toJSONSchema(configSchema, { io: 'input' });
  const guide = readFileSync(GUIDE_FILE, 'utf8');
  const table = [
    '| key | what | value | default |',
    '| --- | --- | --- | --- |',
    ...rows(schema as Schema, ''),
  ].join('\n');
  const [before, after] = [guide.slice(0, guide.indexOf(BEGIN)), guide.slice(guide.indexOf(END))];
  const options = { printWidth: 110, singleQuote: true };
  return {
    [SCHEMA_FILE]: await format(JSON.stringify({ title: 'Gatehouse configuration', ...schema }), {
      ...options,
      parser: 'json',
    }),
    [GUIDE_FILE]: await format(`${before}${BEGIN}\n\n${table}\n\n${after}`, {
      ...options,
      parser: 'markdown',
    }),
  };
}

function rows(schema: Schema, path: string): string[] {
  const found: string[] = [];
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const name = path === '' ? key : `${path}.${key}`;
    const inner = innerSchemas(property);
    const own = inner.every((each) => each.properties === undefined) || property.description !== undefined;
    if (own) found.push(row(name + (property.type === 'array' ? '[]' : ''), property));
    for (const each of inner) {
      const kind = each.properties?.['kind']?.const;
      const suffix = property.type === 'array' ? '[]' : '';
      found.push(...rows(each, `${name}${suffix}${typeof kind === 'string' ? `(${kind})` : ''}`));
    }
  }
  return found;
}

/** The objects within a key's value: itself, an array's items, each alternative. */
function innerSchemas(schema: Schema): Schema[] {
  const here = schema.items ?? schema;
  return (here.anyOf ?? here.oneOf ?? [here]).flatMap((each) =>
    each.anyOf || each.oneOf ? innerSchemas(each) : [each],
  );
}

function row(name: string, schema: Schema): string {
  const fallback =
    schema.default === undefined || typeof schema.default === 'object'
      ? ''
      : `\`${JSON.stringify(schema.default)}\``;
  return `| \`${name}\` | ${schema.description ?? ''} | ${valueText(schema)} | ${fallback} |`;
}

function valueText(schema: Schema): string {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return alternatives.map(valueText).filter(Boolean).join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((each) => `\`${JSON.stringify(each)}\``).join(', ');
  const low = schema.minimum ?? schema.exclusiveMinimum;
  const inRange =
    low !== undefined && schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER;
  return `${schema.type ?? ''}${inRange ? ` ${low} to ${schema.maximum}` : ''}`;
}

if (process.argv[1]?.endsWith('write-config-docs.ts')) {
  for (const [file, text] of Object.entries(await configDocs())) writeFileSync(file, text);
}

import leven from 'leven';
import { z } from 'zod';
import { GatehouseError } from '../base/errors.js';
import { configSchema } from '../config.js';

type Issue = z.core.$ZodIssue;
interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** Turns what the schema found wrong into one error: path, what was expected, and the nearest known key. */
export function explainIssues(issues: readonly Issue[], file: string): GatehouseError {
  const lines = issues.flatMap(explain);
  const unknownKey = issues.length === 1 && issues[0].code === 'unrecognized_keys';
  const details = lines.length === 1 ? lines[0] : lines.map((line) => `\n  - ${line}`).join('');
  return new GatehouseError(
    unknownKey ? 'CONFIG_UNKNOWN_KEY' : 'CONFIG_INVALID',
    `${file}: ${details}`,
    'Correct the file; docs/configuration.md lists every key, and `gatehouse check` tries it out.',
  );
}

function explain(issue: Issue): string[] {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const nearest = nearestKey(key, keysAt(issue.path));
      return `${path === '' ? key : `${path}.${key}`}: unknown key${nearest ? `; did you mean "${nearest}"?` : ''}`;
    });
  }
  if (issue.code === 'invalid_union') {
    // A discriminator that names no kind has no branches to explain; otherwise the branch that came closest speaks.
    const branches = issue.errors.map((errors) =>
      errors.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })),
    );
    const nearest = branches
      .filter((branch) => branch.length > 0)
      .sort((a, b) => distance(a, issue) - distance(b, issue))
      .at(0);
    if (nearest) return nearest.flatMap((inner) => explain(inner as Issue));
  }
  return [`${path === '' ? 'the file' : path}: ${issue.message}`];
}

/** A branch that fails at its root (wrong type altogether) is further away than one that fails deeper down. */
function distance(branch: Pick<Issue, 'code' | 'path'>[], union: Issue): number {
  return branch.some((inner) => inner.path.length === union.path.length && inner.code !== 'unrecognized_keys')
    ? 100
    : branch.length;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
    .join('')
    .replace(/^\./, '');
}

function nearestKey(key: string, known: readonly string[]): string | null {
  const ranked = known.map((name) => ({ name, steps: leven(key.toLowerCase(), name.toLowerCase()) }));
  const best = ranked.sort((a, b) => a.steps - b.steps).at(0);
  return best && best.steps <= Math.max(2, Math.floor(key.length / 2)) ? best.name : null;
}

function keysAt(path: readonly PropertyKey[]): string[] {
  let here: JsonSchema[] = [z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema];
  for (const step of path) {
    here = here
      .flatMap(alternatives)
      .map((schema) => (typeof step === 'number' ? schema.items : schema.properties?.[String(step)]))
      .filter((schema) => schema !== undefined);
  }
  return [...new Set(here.flatMap(alternatives).flatMap((schema) => Object.keys(schema.properties ?? {})))];
}

function alternatives(schema: JsonSchema): JsonSchema[] {
  return [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
}

import leven from 'leven';
import { z } from 'zod';

type Issue = z.core.$ZodIssue;
interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

/** What a schema found wrong with a file, in words: path, what was expected, and the nearest known key. */
export function explainIssues(schema: z.ZodType, issues: readonly Issue[]): string {
  const lines = issues.flatMap((issue) => explain(schema, issue));
  return lines.length === 1 ? lines[0] : lines.map((line) => `\n  - ${line}`).join('');
}

function explain(schema: z.ZodType, issue: Issue): string[] {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const nearest = nearestKey(key, keysAt(schema, issue.path));
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
    if (nearest) return nearest.flatMap((inner) => explain(schema, inner as Issue));
  }
  return [`${path === '' ? 'the file' : path}: ${inWords(issue.message)}`];
}

/** The schema's own words speak of JavaScript: what was not written is "undefined" there. */
function inWords(message: string): string {
  return message
    .replace(/^Invalid (input|option): /, '')
    .replace(/^(expected .+), received undefined$/, 'missing; $1')
    .replace(/^Invalid discriminator value\. Expected /, 'expected one of ');
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

function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here: JsonSchema[] = [z.toJSONSchema(schema, { io: 'input' }) as JsonSchema];
  for (const step of path) {
    here = here
      .flatMap(alternatives)
      .map((each) => (typeof step === 'number' ? each.items : each.properties?.[String(step)]))
      .filter((each) => each !== undefined);
  }
  return [...new Set(here.flatMap(alternatives).flatMap((each) => Object.keys(each.properties ?? {})))];
}

function alternatives(schema: JsonSchema): JsonSchema[] {
  return [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
}

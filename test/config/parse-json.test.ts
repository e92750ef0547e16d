import { describe, expect, test } from 'vitest';
import type { GatehouseError } from '../../server/base/errors.js';
import { parseJson } from '../../server/config/parse-json.js';

const fault = (text: string): GatehouseError => {
  try {
    parseJson(text, 'streams.config.json');
  } catch (error) {
    return error as GatehouseError;
  }
  throw new Error('it was parsed');
};

describe('parsing the configuration', () => {
  test('is what JSON.parse does, and passes over a byte order mark', () => {
    const value = { cameras: [{ id: 'door', fps: 1.5, greeting: false, name: 'Tür "A"' }], empty: {} };
    expect(parseJson(JSON.stringify(value, null, 2), 'x')).toEqual(value);
    expect(parseJson(`\uFEFF${JSON.stringify(value)}`, 'x')).toEqual(value);
  });

  test('names the line and the path of what is wrong, and quotes nothing of the file', () => {
    const text =
      '{\n  "cameras": [\n    { "id": "door" },\n    { "id": "gate", "password": "hunter2" x }\n  ]\n}';
    const { code, message } = fault(text);
    expect(code).toBe('CONFIG_NOT_JSON');
    expect(message).toMatch(/line 4, column \d+/);
    expect(message).toContain('cameras[1]');
    expect(message).not.toContain('hunter2');
  });

  test.each([
    '',
    '{',
    '{"a": 1,}',
    '{"a": 1} // no',
    "{'a': 1}",
    '{"a": 1} {"b": 2}',
    '{"a": "line\nbreak"}',
  ])('refuses %j, as JSON.parse does', (text) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(fault(text).code).toBe('CONFIG_NOT_JSON');
  });
});

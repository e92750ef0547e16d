import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkConfig } from '../../server/config/read-config.js';
import { configDocs } from '../../scripts/write-config-docs.js';

test('the schema file and the table of keys say what the program does (npm run docs:config)', async () => {
  for (const [file, text] of Object.entries(await configDocs()))
    expect(readFileSync(file, 'utf8')).toBe(text);
});

test('the configuration that comes along is right', () => {
  const shipped = JSON.parse(readFileSync('streams.config.json', 'utf8')) as unknown;
  expect(() => checkConfig(shipped, 'streams.config.json', {})).not.toThrow();
});

test('the first camera of the guide is right', () => {
  const json = /```json\n([\s\S]*?)```/.exec(readFileSync('docs/configuration.md', 'utf8'))![1];
  const config = checkConfig(JSON.parse(json), 'streams.config.json', { FRONT_DOOR_PASSWORD: 'x' });
  expect(config.cameras).toHaveLength(1);
});

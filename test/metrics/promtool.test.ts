import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GatehouseEvent } from '../../server/events/event.js';
import { metricsHouse } from '../fixtures/metrics-house.js';

const promtool = (args: string[], input = '') => {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return { status, said: stdout + stderr };
};
const isThere = spawnSync('promtool', ['--version']).status === 0;

describe.skipIf(!isThere)("Prometheus' own judgement (needs promtool)", () => {
  test('the metrics are written as they should be', async () => {
    const house = await metricsHouse(['door', 'gate']);
    house.metrics.counters.worked([{ camera: 'door' }], { stages: [1, 1, 1, 1, 1], pictures: [5] });
    house.metrics.counters.recognised('door', 50);
    house.metrics.counters.announced({ type: 'greeting', camera: 'door' } as GatehouseEvent, 1);
    const { text } = await house.metrics.expose();
    await house.close();
    expect(promtool(['check', 'metrics'], text)).toEqual({ status: 0, said: '' });
  });

  test('the alert rules are sound', () => {
    expect(promtool(['check', 'rules', '--lint-fatal', 'docs/operations/alerts.yml'])).toMatchObject({
      status: 0,
    });
  });

  test('the alerts come when they are due, and not before', () => {
    expect(promtool(['test', 'rules', 'test/metrics/alerts.test.yml'])).toMatchObject({ status: 0 });
  });

  test("every expression of Grafana's dashboard can be read", () => {
    const { panels } = JSON.parse(readFileSync('docs/operations/grafana.json', 'utf8')) as {
      panels: { targets?: { expr: string }[] }[];
    };
    const rules = panels
      .flatMap(({ targets = [] }) => targets)
      .map(({ expr }, index) => ({
        record: `panel:${index}`,
        expr: expr.replaceAll('$__rate_interval', '1m').replaceAll('$__range', '3h'),
      }));
    expect(rules.length).toBeGreaterThan(20);
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-promtool-'));
    const file = join(folder, 'panels.yml');
    // JSON is YAML.
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }));
    const judgement = promtool(['check', 'rules', file]);
    rmSync(folder, { recursive: true });
    expect(judgement).toMatchObject({ status: 0 });
  });
});

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readExposition } from '../fixtures/exposition.js';
import { metricsHouse } from '../fixtures/metrics-house.js';

let house: Awaited<ReturnType<typeof metricsHouse>>;
/** Every name that an expression may ask for. */
const series = new Set<string>();

beforeAll(async () => {
  house = await metricsHouse(['door']);
  for (const { name, type } of readExposition((await house.metrics.expose()).text).values())
    for (const suffix of type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''])
      series.add(name + suffix);
});
afterAll(() => house.close());

const asked = (text: string) => [...new Set(text.match(/\bgatehouse_\w+/g) ?? [])];
const alerts = readFileSync('docs/operations/alerts.yml', 'utf8');
const guide = readFileSync('docs/operations.md', 'utf8');

interface Panel {
  type: string;
  title: string;
  id: number;
  targets?: { expr: string; datasource: { uid: string } }[];
}

describe('the dashboard for Grafana', () => {
  const dashboard = JSON.parse(readFileSync('docs/operations/grafana.json', 'utf8')) as {
    panels: Panel[];
    templating: { list: { name: string; type: string; query: unknown }[] };
  };
  const shown = dashboard.panels.filter(({ type }) => type !== 'row');

  test('asks for metrics that exist, in every panel, from the data source that is chosen', () => {
    expect(shown.length).toBeGreaterThan(20);
    for (const { title, targets = [] } of shown) {
      expect(targets, title).not.toHaveLength(0);
      for (const { expr, datasource } of targets) {
        expect(asked(expr), title).not.toHaveLength(0);
        expect(
          asked(expr).filter((name) => !series.has(name)),
          title,
        ).toEqual([]);
        expect(datasource.uid, title).toBe('${datasource}');
      }
    }
  });

  test('has variables for what its expressions use, and ids of its own for the panels', () => {
    const names = dashboard.templating.list.map(({ name }) => name);
    const used = [...JSON.stringify(shown).matchAll(/\$\{?([a-z]\w*)\}?/g)].map(([, name]) => name);
    expect(new Set(names)).toEqual(new Set(used));
    expect(asked(JSON.stringify(dashboard.templating)).filter((name) => !series.has(name))).toEqual([]);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });
});

describe('the alerts', () => {
  const named = [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);

  test('ask for metrics that exist', () => {
    expect(asked(alerts).length).toBeGreaterThan(10);
    expect(asked(alerts).filter((name) => !series.has(name))).toEqual([]);
  });

  test('are explained, all of them and no others', () => {
    expect([...guide.matchAll(/^\| `(Gatehouse\w+)`/gm)].map(([, name]) => name).sort()).toEqual(
      [...named].sort(),
    );
  });

  test('are each tested to come and not to come', () => {
    const tests = readFileSync('test/metrics/alerts.test.yml', 'utf8');
    for (const name of named) {
      expect(tests.split(`alertname: ${name}`).length - 1, name).toBeGreaterThanOrEqual(2);
      expect(tests, name).toMatch(new RegExp(`alertname: ${name}\\n\\s+exp_alerts`));
    }
  });
});

test('the questions of docs/operations.md ask for metrics that exist', () => {
  const listed = asked(guide).filter((name) => !series.has(name) && !series.has(`${name}_bucket`));
  expect(listed).toEqual([]);
});

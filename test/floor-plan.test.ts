import { cruise } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import { expect, test } from 'vitest';

test('every folder imports only what stands above it (docs/architecture.md)', async () => {
  const options = await extractDepcruiseOptions('./.dependency-cruiser.cjs');
  const { output } = await cruise(['server', 'models', 'dashboard'], options);
  if (typeof output === 'string') throw new Error(output);
  expect(output.summary.totalCruised).toBeGreaterThan(50);
  const violations = output.summary.violations.map((each) => `${each.rule.name}: ${each.from} -> ${each.to}`);
  expect(violations).toEqual([]);
});

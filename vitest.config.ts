import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', 'node_modules/**'],
    pool: 'forks',
    // Real processes, sockets and networks on small machines: generous, but bounded.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    execArgv: ['--import', './scripts/typescript-workers.mjs'],
    benchmark: { include: ['test/bench/**/*.bench.ts'] },
  },
});

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that wait for cameras and browsers for most of their time, and files that compute, by turns: neither idles. */
class ByTurns extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const waiting = sorted.filter(({ moduleId }) => /\/test\/(cameras|dashboard)\//.test(moduleId));
    const computing = sorted.filter((file) => !waiting.includes(file));
    return sorted.flatMap((_, turn) => [
      ...waiting.slice(turn, turn + 1),
      ...computing.slice(turn, turn + 1),
    ]);
  }
}

// Real processes, sockets and networks on small machines: generous limits, but bounded.
const shared = {
  pool: 'forks' as const,
  execArgv: ['--import', './scripts/typescript-workers.mjs'],
  globalSetup: ['test/fixtures/run-folder.ts'],
  hookTimeout: 180_000,
};

/** How soon a fault is noticed, and that frames go on: bounds that computing beside them would stretch. */
const bounded = ['test/cameras/faults.test.ts', 'test/dashboard/video.test.ts'];

const commands = ['adapt', 'backup', 'calibration', 'cli', 'losses'].map(
  (name) => `test/e2e/${name}.test.ts`,
);

export default defineConfig({
  test: {
    sequence: { sequencer: ByTurns },
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/gstreamer/**', 'test/clients/**', ...bounded],
          testTimeout: 120_000,
          // Half of the time goes by in waiting for cameras and clocks: three files share even a small machine.
          maxWorkers: Math.max(3, availableParallelism()),
        },
      },
      {
        // After all that computes.
        test: {
          ...shared,
          name: 'unit-bounded',
          include: bounded,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
        },
      },
      {
        // Against an independent RTSP server, where it is installed: `npm run test:gstreamer`.
        test: {
          ...shared,
          name: 'gstreamer',
          include: ['test/gstreamer/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        // A thousand WebSocket clients: `npm run test:clients`.
        test: {
          ...shared,
          name: 'clients',
          include: ['test/clients/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        // The built product as its users run it; one file at a time, since each wants the whole machine.
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: commands,
          fileParallelism: false,
          testTimeout: 180_000,
        },
      },
      {
        // Of the same, what runs one command after another and bounds no time: two files share a machine.
        test: {
          ...shared,
          name: 'e2e-commands',
          include: commands,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
        },
      },
    ],
  },
});

import { defineConfig } from 'vitest/config';

// Real processes, sockets and networks on small machines: generous limits, but bounded.
const shared = {
  pool: 'forks' as const,
  execArgv: ['--import', './scripts/typescript-workers.mjs'],
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/gstreamer/**', 'test/clients/**'],
          testTimeout: 60_000,
          // Half of the time goes by in waiting for cameras and clocks: two files share even a small machine.
          maxWorkers: 2,
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
          fileParallelism: false,
          testTimeout: 180_000,
        },
      },
    ],
  },
});

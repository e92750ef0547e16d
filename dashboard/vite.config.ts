import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const server = process.env['GATEHOUSE_URL'] ?? 'http://127.0.0.1:8080';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // Relative, so that a reverse proxy may serve the desk below any path.
  base: './',
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    target: 'es2022',
    // The Content-Security-Policy is default-src 'self': data: URLs and inline scripts would be refused.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 250,
  },
  server: {
    proxy: {
      '/health': server,
      '/api': server,
      '/ws': { target: server.replace(/^http/, 'ws'), ws: true },
    },
  },
});

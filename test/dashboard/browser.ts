import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, CDPSession, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { chromiumPath } from '../fixtures/chromium.js';
import { inTurn, runFolder } from '../fixtures/run-folder.js';

/** Tests of the desk need a browser; without one they are skipped, and their names say so. */
export const noBrowser = chromiumPath === null;
export const browserNeeded = noBrowser ? ' (skipped: no Chromium, see scripts/install-browser.mjs)' : '';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** Builds the dashboard as it is now, once a run. Returns the folder; do not change it. */
export async function buildDashboard(): Promise<string> {
  const folder = join(runFolder(), 'dashboard');
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  await inTurn('dashboard', async () => {
    if (existsSync(join(folder, 'index.html'))) return;
    await promisify(execFile)(
      process.execPath,
      [vite, 'build', 'dashboard', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'],
      { cwd: repository, env: { ...process.env, NODE_ENV: 'production' } },
    );
  });
  return folder;
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath!,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Desk {
  page: Page;
  /** What the browser complained about: errors of scripts, and what the Content-Security-Policy refused. */
  complaints: string[];
  close: () => Promise<void>;
}

/** A fresh browser profile at `url`. */
export async function openDesk(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Desk> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}

/** Evaluates without counting as a gesture, which page.evaluate and every locator do. */
export async function look<T>(session: CDPSession, expression: string): Promise<T> {
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression,
    userGesture: false,
    returnByValue: true,
  });
  if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
  return result.value as T;
}

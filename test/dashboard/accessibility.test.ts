import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeskServer } from '../fixtures/desk-server.js';
import { startDeskServer } from '../fixtures/desk-server.js';
import { browserNeeded, buildDashboard, launch, noBrowser, openDesk } from './browser.js';

const sizes = [
  { width: 1440, height: 900 },
  { width: 360, height: 800 },
];

describe.skipIf(noBrowser)(`the desk for everybody${browserNeeded}`, () => {
  let browser: Browser;
  let dashboard: string;
  let server: DeskServer;
  let guarded: DeskServer;
  let axe: string;

  beforeAll(async () => {
    [dashboard, browser] = await Promise.all([buildDashboard(), launch()]);
    server = await startDeskServer({ dashboard });
    guarded = await startDeskServer({ dashboard, token: 'open sesame' });
    axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all([server.close(), guarded.close()]);
  });

  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe);
    const results = await page.evaluate<AxeResults>(
      `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
    );
    expect(results.passes.length).toBeGreaterThan(10);
    return results.violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`),
    );
  }

  const overflow = (page: Page) =>
    page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

  for (const colorScheme of ['dark', 'light'] as const) {
    for (const viewport of sizes) {
      it(`has nothing in the way of anybody: ${colorScheme}, ${viewport.width} px`, async () => {
        const { page, close } = await openDesk(browser, server.url, {
          colorScheme,
          viewport,
          reducedMotion: 'reduce',
        });
        await page.getByRole('img', { name: /Skuli, distance/ }).waitFor();
        for (const view of ['desk', 'people', 'cameras']) {
          await page.goto(`${server.url}#/${view}`);
          await page.locator(`main.${view} > *`).first().waitFor();
          expect(await violations(page), view).toEqual([]);
          expect(await overflow(page), view).toBe(0);
        }
        await close();
      });

      it(`has nothing in the way of signing in: ${colorScheme}, ${viewport.width} px`, async () => {
        const { page, close } = await openDesk(browser, guarded.url, { colorScheme, viewport });
        await page.getByLabel('Access token').fill('wrong');
        await page.keyboard.press('Enter');
        await page.getByText('That token is not right.').waitFor();
        expect(await violations(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
        await close();
      });
    }
  }

  it('has nothing in the way while the connection is lost and sound is on', async () => {
    const alone = await startDeskServer({ dashboard });
    for (const viewport of sizes) {
      const { page, close } = await openDesk(browser, alone.url, { viewport, reducedMotion: 'reduce' });
      await page.getByRole('button', { name: 'Enable sound' }).click();
      await page.getByRole('button', { name: /^Sound on/ }).click();
      await page.getByLabel('Volume').waitFor();
      await alone.cut();
      await page.getByText(/Connection to the server lost at/).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      await close();
      await alone.restore();
    }
    await alone.close();
  });

  it('is worked by the keyboard alone, with the focus to be seen', async () => {
    const { page, close } = await openDesk(browser, server.url);
    await page.getByRole('img', { name: /Skuli, distance/ }).waitFor();
    const reached: string[] = [];
    for (let step = 0; step < 24; step += 1) {
      await page.keyboard.press('Tab');
      const focus = await page.evaluate(() => {
        let element = document.activeElement;
        while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        if (element === null) return null;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        const name = element.getAttribute('aria-label') ?? element.textContent.trim().replace(/\s+/g, ' ');
        return { name, seen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 };
      });
      if (focus === null || focus.name === '') continue;
      expect(focus).toMatchObject({ seen: true });
      reached.push(focus.name);
    }
    for (const name of [
      'Skip to content',
      'Cameras 1 needs a look',
      'Sound off. Enable sound',
      'Enlarge Lobby',
      'Mute greetings of Lobby',
    ]) {
      expect(reached).toContain(name);
    }
    await close();
  });
});

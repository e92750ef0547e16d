import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DeskServer, DeskServerOptions } from '../fixtures/desk-server.js';
import { startDeskServer } from '../fixtures/desk-server.js';
import { decided, ended, started, visitOf } from '../fixtures/desk/recorded.js';
import type { Desk } from './browser.js';
import { browserNeeded, buildDashboard, launch, noBrowser, openDesk } from './browser.js';

describe.skipIf(noBrowser)(`the desk in a browser${browserNeeded}`, () => {
  let browser: Browser;
  let dashboard: string;
  let server: DeskServer;
  let desk: Desk;

  beforeAll(async () => {
    [dashboard, browser] = await Promise.all([buildDashboard(), launch()]);
  });
  afterAll(async () => {
    await browser.close();
  });
  afterEach(async () => {
    await desk.close();
    await server.close();
    expect(desk.complaints).toEqual([]);
  });

  async function open(options: Partial<DeskServerOptions> = {}, hash = ''): Promise<Page> {
    server = await startDeskServer({ dashboard, ...options });
    desk = await openDesk(browser, server.url + hash);
    return desk.page;
  }

  const cards = (page: Page) => page.locator('gh-visit-card');
  const visit = (name: string) => visitOf(`v-${name}`, 'lobby', name, Date.now());

  it('shows cameras, who is here, and the visits, newest first', async () => {
    const page = await open();
    await cards(page).first().waitFor();
    expect(await page.locator('gh-live-tile h3').allInnerTexts()).toEqual([
      'Front door',
      'Lobby',
      'Reception',
      'Loading dock',
    ]);
    expect(await page.locator('gh-visit-card h3').allInnerTexts()).toEqual([
      'Ada',
      'Skuli',
      'Unknown person',
      'Freya',
      'Omar',
      'Luca',
      'Mei',
      'Mei',
      'Unknown person',
      'Kofi',
      'Greta',
    ]);
    const here = await page.locator('gh-here-now li').allInnerTexts();
    expect(here.map((text) => text.split('\n')[0])).toEqual(['Ada', 'Skuli', 'Unknown']);
    const skuli = cards(page).nth(1);
    expect(await skuli.locator('article').innerText()).toMatch(/Front door.*here now.*\+0\.37 to Luca/s);
    expect(await skuli.locator('gh-distance span[aria-hidden]').first().innerText()).toBe('0.24 / 0.54');
    await page.waitForFunction(() => document.title === '3 here, 1 unknown · Gatehouse');
    await page
      .locator('gh-visit-card img')
      .first()
      .evaluate((img: HTMLImageElement) => img.decode());
  });

  it('says in words why a camera is not live, and when it is again', async () => {
    const page = await open();
    const dock = page.locator('gh-live-tile').nth(3);
    await dock.getByText('The camera closed the connection. Trying again in 4 s.').waitFor();
    const front = page.locator('gh-live-tile').first();
    await front.getByRole('img', { name: /Skuli, distance 0\.2/ }).waitFor();
    const at = new Date().toISOString();
    const told = { type: 'camera.state' as const, at, camera: 'front-door' };
    server.emit({ ...told, state: 'refused', reason: 'The password is wrong.', code: 'CAMERA_REFUSED' });
    await front.getByText('The password is wrong.').waitFor();
    server.emit({ ...told, state: 'live', reason: null, code: null });
    await front.getByText('The password is wrong.').waitFor({ state: 'detached' });
  });

  it('tells of arrivals, marks the unknown, and gives how long a visit was', async () => {
    const page = await open();
    await page.getByText('Connected').waitFor();
    const stranger = visitOf('v-1', 'reception', null, Date.now());
    server.emit(started(stranger));
    await cards(page).first().getByText('Looking…').waitFor();
    server.emit(decided(stranger));
    await cards(page).first().getByText('Unknown person').waitFor();
    expect(await page.locator('gh-announcer p').innerText()).toBe('Unknown person at Reception');
    server.emit(ended(stranger, 65_000));
    await cards(page).first().getByText('stayed 1 min 05 s').waitFor();
    await page.getByRole('button', { name: 'Unknown 3' }).click();
    expect(await cards(page).count()).toBe(3);
  });

  it('draws the boxes of exactly the picture that is shown', async () => {
    const page = await open({ pictures: 'test-card', picturesPerSecond: 12 });
    const canvas = page.locator('gh-live-tile canvas').first();
    await page.getByRole('img', { name: /Front door: Ada/ }).waitFor();
    const seen = await canvas.evaluate(async (element: HTMLCanvasElement) => {
      const places: { left: number; boxed: boolean }[] = [];
      // Four seconds; more where the machine is so busy that hardly a picture came in them.
      const enough = () => new Set(places.map(({ left }) => left)).size > 12;
      for (let frame = 0; frame < 240 || (frame < 2_400 && !enough()); frame += 1) {
        await new Promise(requestAnimationFrame);
        const { width, height } = element;
        const { data } = element.getContext('2d')!.getImageData(0, 0, width, height);
        const is = (x: number, y: number, test: (r: number, g: number, b: number) => boolean) => {
          const at = (y * width + x) * 4;
          return test(data[at], data[at + 1], data[at + 2]);
        };
        const magenta = (r: number, g: number, b: number) => r > 200 && g < 70 && b > 200;
        const green = (r: number, g: number, b: number) => g > 180 && r < 130 && b < 200;
        let [left, right, top, bottom] = [width, 0, height, 0];
        for (let y = 0; y < height; y += 1) {
          for (let x = 0; x < width; x += 1) {
            if (!is(x, y, magenta)) continue;
            left = Math.min(left, x);
            right = Math.max(right, x);
            top = Math.min(top, y);
            bottom = Math.max(bottom, y);
          }
        }
        if (right === 0) continue;
        const middle = Math.round((top + bottom) / 2);
        const near = (x: number) =>
          Array.from({ length: 9 }, (_, step) => x - 4 + step).some((at) => is(at, middle, green));
        places.push({ left, boxed: near(left) && near(right) });
      }
      return places;
    });
    const different = new Set(seen.map(({ left }) => left));
    expect(different.size).toBeGreaterThan(10);
    expect(seen.filter(({ boxed }) => !boxed)).toEqual([]);
  });

  it('shows a broken connection at once and resumes without losing or repeating an event', async () => {
    const page = await open({ history: [] });
    await page.getByText('No visits yet').waitFor();
    await page.getByText('Connected').waitFor();
    server.emit(decided(visit('Ada')));
    await cards(page).first().waitFor();
    await server.cut();
    const cut = Date.now();
    await page.getByText(/Connection to the server lost at/).waitFor();
    expect(Date.now() - cut).toBeLessThan(3_000);
    await page.locator('gh-live-tile').first().getByText('No connection to the server').waitFor();
    server.emit(decided(visit('Bo')));
    server.emit(decided(visit('Mei')));
    await server.restore();
    await page.getByText(/Connection to the server lost at/).waitFor({ state: 'detached' });
    await cards(page).nth(2).waitFor();
    server.emit(decided(visit('Omar')));
    await cards(page).nth(3).waitFor();
    expect(await page.locator('gh-visit-card h3').allInnerTexts()).toEqual(['Omar', 'Mei', 'Bo', 'Ada']);
  });

  it('notices a server that no longer answers although the connection stands', async () => {
    const page = await open({ history: [] });
    await page.getByText('Connected').waitFor();
    server.freeze();
    const frozen = Date.now();
    await page.getByText(/Connection to the server lost at/).waitFor();
    expect(Date.now() - frozen).toBeLessThan(3_000);
    server.emit(decided(visit('Ada')));
    server.thaw();
    await cards(page).first().getByRole('heading', { name: 'Ada' }).waitFor();
    await page.getByText(/Connection to the server lost at/).waitFor({ state: 'detached' });
    expect(await cards(page).count()).toBe(1);
  });

  it('says how many events the journal no longer had', async () => {
    const page = await open({ history: [] });
    await page.getByText('Connected').waitFor();
    await server.cut();
    for (const name of ['Ada', 'Bo', 'Mei', 'Omar']) server.emit(decided(visit(name)));
    server.forgetBefore(4);
    await server.restore();
    await page.getByText('3 events happened while this desk was away').waitFor();
    await cards(page).first().getByRole('heading', { name: 'Omar' }).waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.getByText('3 events happened').count()).toBe(0);
  });

  it('says on top what needs a look beside cameras, until it is read or over', async () => {
    const wrong = 'CONFIG_INVALID: streams.config.json: cameras[0].fsp: unknown key; did you mean "fps"?';
    const full = 'DISK_FULL: the disk is full';
    const page = await open({}, '#/people');
    await page.getByText('Connected').waitFor();
    server.complain([wrong]);
    await page.locator('gh-banner').getByText(wrong).waitFor();
    await page.getByRole('link', { name: 'Cameras' }).first().click();
    await page.locator('gh-camera-list').getByText(wrong).waitFor();
    expect(await page.locator('gh-banner li').count()).toBe(0);
    await page.getByRole('link', { name: 'Desk' }).first().click();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.locator('gh-banner').getByText(wrong).waitFor({ state: 'detached' });
    server.complain([wrong, full]);
    await page.locator('gh-banner').getByText(full).waitFor();
    expect(await page.locator('gh-banner li').allInnerTexts()).toEqual([full]);
    server.complain([]);
    await page.locator('gh-banner').getByText(full).waitFor({ state: 'detached' });
    server.complain([wrong]);
    await page.locator('gh-banner').getByText(wrong).waitFor();
  });

  it('tells the day of visits that are not of today', async () => {
    const ada = visitOf('v-old', 'lobby', 'Ada', Date.now() - 3 * 86_400_000);
    const page = await open({ history: [started(ada), decided(ada), ended(ada, 8_000)] });
    expect(await cards(page).first().locator('time').innerText()).toMatch(/^\w{3},? \d+ \w+, \d\d:\d\d$/);
    await page.getByRole('link', { name: 'People' }).first().click();
    await page.getByText(/Seen \w{3},? \d+ \w+, \d\d:\d\d, Lobby/).waitFor();
  });

  it('closes live pictures that nobody sees', async () => {
    const page = await open();
    const watched = (count: number) =>
      expect.poll(() => server.watchers('lobby'), { timeout: 5_000 }).toBe(count);
    await watched(1);
    await page.getByRole('link', { name: 'People' }).first().click();
    await page.getByText('Photos that need a look').waitFor();
    await watched(0);
    await page.getByRole('link', { name: 'Desk' }).first().click();
    await watched(1);
    const hide = (hidden: boolean) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, hidden);
    await hide(true);
    await watched(0);
    await hide(false);
    await watched(1);
  });

  it('asks for the token, says when it is wrong, and signs out again', async () => {
    const page = await open({ token: 'open sesame' });
    await page.getByLabel('Access token').fill('open barley');
    await page.keyboard.press('Enter');
    await page.getByText('That token is not right.').waitFor();
    await page.getByLabel('Access token').fill('open sesame');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Connected').waitFor();
    await page.getByRole('img', { name: /Skuli, distance/ }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Access token').waitFor();
    const { length } = server.requests;
    await page.waitForTimeout(1_500);
    expect(server.requests.slice(length)).toEqual([]);
  });

  it('has a word for every empty list', async () => {
    const page = await open({ history: [], cameras: [], people: [], problems: [] });
    for (const text of ['No cameras yet', 'No visits yet', 'Nobody is in front of a camera']) {
      await page.getByText(text).waitFor();
    }
    await page.getByRole('link', { name: 'People' }).first().click();
    for (const text of ['Nobody is enrolled', 'Every photo is enrolled'])
      await page.getByText(text).waitFor();
  });

  it('shows people with their photos, and what is wrong with those that are not enrolled', async () => {
    const page = await open({}, '#/people');
    await page.getByText('Here now: Front door').waitFor();
    expect(await page.locator('gh-people .person').count()).toBe(10);
    await page.getByText('The face is 41 px wide; it needs at least 80.').waitFor();
    await page.getByRole('img', { name: 'Photo of Skuli' }).evaluate((img: HTMLImageElement) => img.decode());
  });

  it('enlarges a camera by keyboard and comes back by Escape', async () => {
    const page = await open();
    const lobby = page.locator('gh-live-tile').nth(1);
    await lobby.getByRole('img', { name: /Ada/ }).waitFor();
    const before = (await lobby.boundingBox())!;
    await lobby.getByRole('button', { name: 'Enlarge Lobby' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await lobby.boundingBox())!.width).toBeGreaterThan(before.width * 1.8);
    expect(server.watchers('lobby')).toBe(1);
    await page.keyboard.press('Escape');
    await expect.poll(async () => (await lobby.boundingBox())!.width).toBe(before.width);
  });

  it('remembers the theme', async () => {
    const page = await open();
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.getByRole('button', { name: 'Theme: System. Switch' }).click();
    expect(await background()).toBe('rgb(11, 15, 21)');
    await page.reload();
    await page.getByRole('button', { name: 'Theme: Dark. Switch' }).click();
    expect(await background()).toBe('rgb(243, 245, 248)');
  });
});

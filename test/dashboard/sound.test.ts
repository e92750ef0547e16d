import type { Browser, CDPSession } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { DeskServer } from '../fixtures/desk-server.js';
import { startDeskServer } from '../fixtures/desk-server.js';
import { greetingOf } from '../fixtures/desk/recorded.js';
import type { Desk } from './browser.js';
import { browserNeeded, buildDashboard, launch, look, noBrowser, openDesk } from './browser.js';

const control = `document.querySelector('gh-app').shadowRoot.querySelector('gh-sound-control').shadowRoot`;
const caption = `document.querySelector('gh-app').shadowRoot.querySelector('gh-caption').shadowRoot`;

describe.skipIf(noBrowser)(`the desk's greetings, heard${browserNeeded}`, () => {
  let browser: Browser;
  let dashboard: string;
  let server: DeskServer;
  let desk: Desk;
  let session: CDPSession;

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

  /** Opens the desk without a single evaluation that would count as a click. */
  async function open(preferences?: object): Promise<void> {
    server = await startDeskServer({ dashboard, history: [] });
    const { origin } = new URL(server.url);
    const localStorage = [{ name: 'gatehouse.preferences', value: JSON.stringify(preferences) }];
    desk = await openDesk(
      browser,
      server.url,
      preferences === undefined ? {} : { storageState: { cookies: [], origins: [{ origin, localStorage }] } },
    );
    session = await desk.page.context().newCDPSession(desk.page);
    await expect
      .poll(() => server.requests.filter((line) => line === 'GET /health').length)
      .toBeGreaterThan(0);
  }

  const state = () => look<string>(session, `${control}.querySelector('button.state').className`);
  const level = () =>
    look<number>(
      session,
      `Number(${control}.querySelector('gh-level-meter')?.shadowRoot.querySelector('svg').getAttribute('aria-valuenow') ?? 0)`,
    );
  const said = () => look<string>(session, `${caption}.querySelector('strong')?.textContent ?? ''`);

  async function click(): Promise<void> {
    const { x, y } = await look<{ x: number; y: number }>(
      session,
      `(() => { const box = ${control}.querySelector('button.state').getBoundingClientRect(); return { x: box.x + box.width / 2, y: box.y + box.height / 2 }; })()`,
    );
    await desk.page.mouse.click(x, y);
  }

  const greet = (camera: string, name: string, sound: string, ago = 0) =>
    server.emit(greetingOf(camera, name, Date.now() - ago, `/api/sounds/${sound}.wav`));

  it('is blocked until somebody really clicks, says so, and is then really heard', async () => {
    await open({ sound: true });
    await expect.poll(state, { timeout: 5_000 }).toBe('state blocked');
    greet('lobby', 'Ada', '440-2');
    await desk.page.waitForTimeout(600);
    expect(await said()).toBe('');
    expect(server.requests).not.toContain('GET /api/sounds/440-2.wav');
    await click();
    await expect.poll(state, { timeout: 5_000 }).toBe('state on');
    await expect.poll(said, { timeout: 5_000 }).toBe('Welcome Ada, have a nice day!');
    // A sine of half the full scale has an RMS of 0.354; greeted at 0.9, on a desk at 0.8.
    await expect.poll(level, { timeout: 2_000, interval: 40 }).toBeGreaterThan(0.2);
    await expect.poll(said, { timeout: 5_000 }).toBe('');
  });

  it('is off at first, and does not say what is more than ten seconds old when it comes on', async () => {
    await open();
    expect(await state()).toBe('state off');
    greet('lobby', 'Ada', '440-1', 11_000);
    greet('lobby', 'Bo', '550-1', 2_000);
    await click();
    await expect.poll(said, { timeout: 5_000 }).toBe('Welcome Bo, have a nice day!');
    await expect.poll(said, { timeout: 5_000 }).toBe('');
    expect(server.requests).not.toContain('GET /api/sounds/440-1.wav');
  });

  it('says greetings one after another', async () => {
    await open();
    await click();
    await expect.poll(state, { timeout: 5_000 }).toBe('state on');
    for (const name of ['Ada', 'Bo', 'Mei']) greet('lobby', name, `${name.length * 110}-0.7`);
    const order: string[] = [];
    const began = Date.now();
    while (Date.now() - began < 8_000) {
      const now = await said();
      if (now !== order.at(-1)) order.push(now);
      if (order.length > 1 && now === '') break;
      await desk.page.waitForTimeout(30);
    }
    expect(order.filter((text) => text !== '')).toEqual([
      'Welcome Ada, have a nice day!',
      'Welcome Bo, have a nice day!',
      'Welcome Mei, have a nice day!',
    ]);
    // Three sounds of 0.7 s that overlapped would be over sooner.
    expect(Date.now() - began).toBeGreaterThan(2_000);
  });

  it('is silent for a muted camera, also after a reload, and heard for the others', async () => {
    await open();
    await click();
    await desk.page.getByRole('button', { name: 'Mute greetings of Lobby' }).click();
    await desk.page.reload();
    await desk.page.getByRole('button', { name: 'Mute greetings of Lobby', pressed: true }).waitFor();
    await desk.page.getByRole('button', { name: 'Mute greetings of Front door', pressed: false }).click();
    await desk.page.getByRole('button', { name: 'Mute greetings of Front door', pressed: true }).click();
    await expect.poll(state, { timeout: 5_000 }).toBe('state on');
    greet('lobby', 'Ada', '440-1');
    greet('front-door', 'Bo', '550-1');
    await expect.poll(said, { timeout: 5_000 }).toBe('Welcome Bo, have a nice day!');
    await expect.poll(level, { timeout: 2_000, interval: 40 }).toBeGreaterThan(0.2);
    await expect.poll(said, { timeout: 5_000 }).toBe('');
    expect(server.requests).not.toContain('GET /api/sounds/440-1.wav');
  });
});

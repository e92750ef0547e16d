/**
 * Takes the pictures of docs/images from the running demo: `npm run build && npm run docs:screenshots`. Needs
 * Chromium (scripts/install-browser.mjs).
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { launch, openDesk } from '../test/dashboard/browser.js';
import { productFolder, startProduct } from '../test/fixtures/product.js';

const FOLDER = 'docs/images';
const shots = [
  { name: 'desk-dark', viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  { name: 'desk-light', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { name: 'phone-dark', viewport: { width: 360, height: 800 }, colorScheme: 'dark' },
  { name: 'phone-light', viewport: { width: 360, height: 800 }, colorScheme: 'light' },
] as const;

await mkdir(FOLDER, { recursive: true });
const place = await productFolder(JSON.parse(await readFile('streams.config.json', 'utf8')) as unknown);
const product = await startProduct(place);
const browser = await launch();
try {
  const feed = await product.feed(0);
  // A desk with something to tell: somebody unknown, and people who came and went.
  await feed.until((message) => message.type === 'visit.unknown', 180_000);
  for (const { name, viewport, colorScheme } of shots) {
    const desk = await openDesk(browser, product.url, { viewport, colorScheme });
    const came = await product.feed();
    await came.until(
      (message) => message.type === 'visit.recognised' && message.camera === 'entrance',
      60_000,
    );
    came.close();
    await desk.page.waitForTimeout(1_500);
    const picture = await desk.page.screenshot();
    await sharp(picture)
      .png({ palette: true, quality: 90, effort: 10 })
      .toFile(join(FOLDER, `${name}.png`));
    await desk.close();
    console.log(`${FOLDER}/${name}.png`);
  }
  feed.close();
} finally {
  await browser.close();
  await product.stop();
  await place.remove();
}

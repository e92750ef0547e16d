import sharp from 'sharp';
import { clocks, drawBackdrop, drawClockHands } from './backdrop.js';
import { standingAt, type Standing } from './choreography.js';
import { demoPeople, demoStrangers } from './people.js';
import { type Appearance, type DemoScene } from './scene.js';
import { sceneFormat } from './scene-format.js';
import { layOver, renderSprite } from './sprite.js';
import { SpriteSheet } from './sprite-sheet.js';

/** Pictures of the backdrop's changes round a loop; between them it fades. */
const PHASES = 10;
/** Pictures that share a backdrop: it changes slowly, and its clock once a second. */
const BACKDROP_EVERY = 10;
/** How far drawing runs ahead of laying out, seconds. */
const AHEAD = 2;

const { width, height, fps } = sceneFormat;

/** The people in view at one moment, the farthest first. */
export function castAt(scene: DemoScene, time: number): { way: Appearance; standing: Standing }[] {
  return scene.appearances
    .map((way) => ({ way, standing: standingAt(way, time) }))
    .filter((one): one is { way: Appearance; standing: Standing } => one.standing !== null)
    .sort((first, second) => first.standing.size - second.standing.size);
}

/**
 * The pictures of one loop, RGB, `sceneFormat.width` x `height`. Every picture is a new array, since the reader may
 * still hold the one before.
 *
 * @param frames how many, from the loop's start; left out: the whole loop
 * @throws Error where the scene names a person who is not drawn
 */
export async function* renderScene(
  scene: DemoScene,
  frames = Math.round(scene.seconds * fps),
): AsyncGenerator<Uint8Array> {
  const sheets = new Map<Appearance, SpriteSheet>();
  for (const way of scene.appearances) {
    const person = [...demoPeople, ...demoStrangers].find(({ id }) => id === way.person);
    if (!person) throw new Error(`scene ${scene.id}: nobody is called ${way.person}`);
    sheets.set(way, new SpriteSheet(person, way.size));
  }
  const backdrop = await renderBackdrop(scene);
  let prepared = 0;
  let base: Uint8Array = new Uint8Array(0);
  for (let index = 0; index < frames; index++) {
    for (; prepared < Math.min(frames, index + AHEAD * fps); prepared++)
      for (const { way, standing } of castAt(scene, prepared / fps))
        void sheets
          .get(way)!
          .prepare(standing)
          .catch(() => undefined);
    if (index % BACKDROP_EVERY === 0) base = await backdrop(index / fps);
    const picture = { width, height, pixels: base.slice() };
    for (const { way, standing } of castAt(scene, index / fps))
      await sheets.get(way)!.show(picture, standing);
    yield picture.pixels;
  }
}

/** Draws the backdrop's phases; gives a function for the backdrop at a time, RGB. */
async function renderBackdrop(scene: DemoScene): Promise<(time: number) => Promise<Uint8Array>> {
  const phases = await Promise.all(
    Array.from({ length: PHASES }, (_, index) =>
      sharp(Buffer.from(drawBackdrop(scene.backdrop, index / PHASES)))
        .flatten({ background: '#000' })
        // The lens is focused on the people.
        .blur(0.9)
        .raw()
        .toBuffer(),
    ),
  );
  const clock = clocks[scene.backdrop];
  return async (time) => {
    const place = ((time / scene.seconds) * PHASES) % PHASES;
    const [from, to] = [phases[Math.floor(place)], phases[(Math.floor(place) + 1) % PHASES]];
    const share = Math.round((place % 1) * 256);
    const pixels = new Uint8Array(from.length);
    for (let at = 0; at < pixels.length; at++) pixels[at] = (from[at] * (256 - share) + to[at] * share) >> 8;
    if (clock) {
      const hands = await renderSprite(drawClockHands(clock.radius, Math.floor(time)));
      layOver({ width, height, pixels }, hands, clock.x - clock.radius, clock.y - clock.radius, 1);
    }
    return pixels;
  };
}

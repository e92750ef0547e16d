import type { DemoPerson } from './people.js';
import { figure, drawFigure, type Pose } from './portrait.js';
import { FIGURE_BOTTOM } from './drawing/body.js';
import { HEAD_HEIGHT } from './drawing/traits.js';
import type { Standing } from './choreography.js';
import { halve, layOver, renderSprite, type Sprite } from './sprite.js';

/** Where the figure is cut in two, mm below the eye line: above, it changes with the head's pose. */
const CUT = 200;
/** Pixels by which the halves overlap, so that no seam is left even at a quarter of the size. */
const OVERLAP = 14;
/** Steps in which poses are told apart: degrees, and shares of a smile and of a stride. */
const grain = { turn: 3, nod: 3, lean: 3, smile: 0.4, stride: 1 };

type Held = Standing['pose'];

/**
 * The pictures that one person needs in one appearance, each drawn once. The figure is cut below the shoulders:
 * the head is drawn for every pose, trunk and legs only for every stride.
 */
export class SpriteSheet {
  readonly #person: DemoPerson;
  readonly #size: number;
  readonly #heads = new Map<string, Promise<Sprite[]>>();
  readonly #bodies = new Map<string, Promise<Sprite[]>>();

  /** @param size height of the face at which it is drawn, the largest at which it will be shown */
  constructor(person: DemoPerson, size: number) {
    this.#person = person;
    this.#size = size;
  }

  /** Draws what a moment needs, unless it is drawn already. */
  async prepare({ pose, size }: Standing): Promise<void> {
    await Promise.all(this.#pick(pose, size));
  }

  /** Lays the person over a picture; `prepare` of the same moment may have been called long before. */
  async show(picture: { width: number; height: number; pixels: Uint8Array }, at: Standing): Promise<void> {
    const [heads, bodies] = await Promise.all(this.#pick(at.pose, at.size));
    const level = at.size < this.#size * 0.3 ? 2 : at.size < this.#size * 0.6 ? 1 : 0;
    const scale = (at.size / this.#size) * 2 ** level;
    const unit = at.size / HEAD_HEIGHT;
    const left = at.x - figure.left * unit;
    layOver(picture, bodies[level], left, at.y + CUT * unit, scale);
    layOver(picture, heads[level], left, at.y - figure.top * unit, scale);
  }

  #pick(pose: Held, size: number): [Promise<Sprite[]>, Promise<Sprite[]>] {
    const held = coarse(pose);
    const { stride } = held;
    const legs = size < this.#size * 0.95;
    return [
      this.#once(this.#heads, { ...held, stride: 0 }, -figure.top, CUT, OVERLAP),
      // Close to the camera nobody's legs are in the picture.
      this.#once(this.#bodies, { stride: legs ? stride : 0 }, CUT, legs ? FIGURE_BOTTOM : 760, 0),
    ];
  }

  #once(
    drawn: Map<string, Promise<Sprite[]>>,
    pose: Partial<Pose>,
    top: number,
    bottom: number,
    more: number,
  ) {
    const key = JSON.stringify([pose, bottom]);
    let sprite = drawn.get(key);
    if (!sprite) {
      sprite = this.#draw(pose, top, bottom, more);
      // Who shows it hears of a failure; this only keeps an early one from being reported as nobody's.
      sprite.catch(() => undefined);
      drawn.set(key, sprite);
    }
    return sprite;
  }

  async #draw(pose: Partial<Pose>, top: number, bottom: number, more: number): Promise<Sprite[]> {
    const unit = this.#size / HEAD_HEIGHT;
    const width = Math.round((figure.left + figure.right) * unit);
    const height = Math.round((bottom - top) * unit) + more;
    const box = `${-figure.left} ${top} ${width / unit} ${height / unit}`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${box}">${drawFigure(this.#person.traits, pose)}</svg>`;
    const full = await renderSprite(svg);
    const half = halve(full);
    return [full, half, halve(half)];
  }
}

function coarse(pose: Held): Held {
  const to = (value: number, step: number) => Math.round(value / step) * step + 0;
  return {
    yaw: to(pose.yaw, grain.turn),
    pitch: to(pose.pitch, grain.nod),
    roll: to(pose.roll, grain.lean),
    smile: to(pose.smile, grain.smile),
    blink: to(pose.blink, 0.5),
    stride: to(pose.stride, grain.stride),
  };
}

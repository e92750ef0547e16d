/**
 * From a crop's coordinates (u, v) to the picture's: x = a u + b v + x0, y = c u + d v + y0. Both in pixels, a pixel's
 * centre at half.
 */
export interface Transform {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly x0: number;
  readonly y0: number;
}

/** Where a point of the crop lies in the picture. */
export function place({ a, b, c, d, x0, y0 }: Transform, u: number, v: number): [x: number, y: number] {
  return [a * u + b * v + x0, c * u + d * v + y0];
}

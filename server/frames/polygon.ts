/**
 * A part of a camera's frame: corners in order, relative to the frame, from (0, 0) at its upper left to (1, 1). The last
 * corner is joined to the first; where edges cross, what they enclose twice is outside.
 */
export type Polygon = readonly (readonly [x: number, y: number])[];

/** Whether a point, relative to the frame, lies in the polygon. */
export function contains(polygon: Polygon, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i, i += 1) {
    const [[x1, y1], [x2, y2]] = [polygon[i], polygon[j]];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  }
  return inside;
}

/** What the polygon encloses, part of the frame (the shoelace formula). */
export function areaOf(polygon: Polygon): number {
  const twice = polygon.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = polygon[(i + 1) % polygon.length];
    return sum + x * nextY - nextX * y;
  }, 0);
  return Math.abs(twice) / 2;
}

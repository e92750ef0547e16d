/** In pixels of the frame. */
interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * The parts of a frame that are worth a look: areas with some room around them, those that touch taken together. null
 * where that comes to so much of the frame that looking at all of it costs hardly more.
 *
 * @param areas pixels of the frame
 */
export function regions(areas: readonly Area[], frame: { width: number; height: number }): Area[] | null {
  const room = ROOM * Math.max(frame.width, frame.height);
  let parts = areas.map((area) => inside(grown(area, room), frame));
  for (let merged = true; merged;) {
    merged = false;
    const apart: Area[] = [];
    for (const part of parts) {
      const at = apart.findIndex((other) => touches(part, other));
      if (at === -1) apart.push(part);
      else {
        apart[at] = around(apart[at], part);
        merged = true;
      }
    }
    parts = apart;
  }
  if (parts.length > MOST_PARTS) parts = [parts.reduce(around)];
  const covered = parts.reduce((sum, { width, height }) => sum + width * height, 0);
  return covered > MOST_COVERED * frame.width * frame.height ? null : parts;
}

/** Part of the frame's longer side that is added on every side: somebody walks that far between two looks. */
const ROOM = 0.06;
/** Each part is a run of the detector of its own. */
const MOST_PARTS = 3;
/** Part of the frame. */
const MOST_COVERED = 0.6;

function grown({ x, y, width, height }: Area, by: number): Area {
  return { x: x - by, y: y - by, width: width + 2 * by, height: height + 2 * by };
}

function inside(area: Area, frame: { width: number; height: number }): Area {
  const x = Math.min(Math.max(0, area.x), frame.width);
  const y = Math.min(Math.max(0, area.y), frame.height);
  return {
    x,
    y,
    width: Math.max(0, Math.min(frame.width, area.x + area.width) - x),
    height: Math.max(0, Math.min(frame.height, area.y + area.height) - y),
  };
}

function touches(a: Area, b: Area): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}

function around(a: Area, b: Area): Area {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** A rectangle of the drawing, pixels. */
export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Maps a value to pixels along one axis. */
export type Scale = (value: number) => number;

export function linear(from: number, to: number, low: number, high: number): Scale {
  return (value) => low + ((value - from) / (to - from)) * (high - low);
}

/** As `linear` for the logarithm; a value of 0 lies below everything. */
export function logarithmic(from: number, to: number, low: number, high: number): Scale {
  const straight = linear(Math.log(from), Math.log(to), low, high);
  const beyond = low + (low - high);
  return (value) => (value > 0 ? straight(Math.log(value)) : beyond);
}

/** Round values from 0 to the limit, about `wanted` of them: steps of 1, 2 or 5. */
export function ticks(limit: number, wanted: number): number[] {
  const raw = limit / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= raw * 0.999) ?? raw;
  return Array.from({ length: Math.floor(limit / step + 1e-9) + 1 }, (_, index) => index * step);
}

/** A number without the noise of binary fractions. */
export function short(value: number, digits = 2): string {
  return String(Number(value.toFixed(digits)));
}

/** A share as people read it: `12 %`, `0.25 %`. */
export function percent(share: number, digits = 2): string {
  return `${short(share * 100, digits)} %`;
}

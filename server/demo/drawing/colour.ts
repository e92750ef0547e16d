import type { Colour } from './traits.js';

/** Mixes two colours, `share` (0..1) of the second. */
export function mix(first: Colour, second: Colour, share: number): Colour {
  const channel = (colour: Colour, at: number) => parseInt(colour.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) => {
    const value = Math.round(channel(first, at) * (1 - share) + channel(second, at) * share);
    return Math.max(0, Math.min(255, value)).toString(16).padStart(2, '0');
  });
  return `#${mixed.join('')}`;
}

/** The colour in shadow: skin and cloth grow warmer and darker, not greyer. */
export const darken = (colour: Colour, share: number): Colour => mix(colour, '#2a0f0a', share);

export const lighten = (colour: Colour, share: number): Colour => mix(colour, '#fff6ea', share);

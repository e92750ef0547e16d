/**
 * Chips to try engines with: plain heads before a wall, each lit and proportioned otherwise, the same on every machine.
 * They are like faces enough for a network to work as it does on faces.
 *
 * @param size side of a chip, pixels
 * @returns count x size x size x 3 numbers, 0..255
 */
export function drawTrialChips(size: number, count: number): Float32Array {
  const chips = new Float32Array(count * size * size * 3);
  for (let chip = 0, at = 0; chip < count; chip += 1) {
    const parts = headOf(chip);
    for (let row = 0; row < size; row += 1)
      for (let column = 0; column < size; column += 1, at += 3)
        paint(parts, (column + 0.5) / size, (row + 0.5) / size, chips, at);
  }
  return chips;
}

/** An ellipse with a soft edge; places and lengths in parts of the chip's side. */
interface Part {
  x: number;
  y: number;
  width: number;
  height: number;
  colour: readonly [red: number, green: number, blue: number];
}

/** From back to front. */
function headOf(number: number): Part[] {
  // Golden-ratio steps spread any count of heads evenly over what may vary.
  const vary = (which: number, least: number, most: number): number =>
    least + (((number + 1) * 0.618034 * which) % 1) * (most - least);
  const light = vary(1, 0.6, 1.1);
  const skin = [vary(2, 120, 235), vary(3, 95, 190), vary(5, 75, 165)];
  const shade = (factor: number) => skin.map((value) => value * light * factor) as unknown as Part['colour'];
  const dark = [vary(7, 20, 90), vary(7, 18, 70), vary(7, 15, 60)].map(
    (value) => value * light,
  ) as unknown as Part['colour'];
  const apart = vary(11, 0.15, 0.19);
  const mouth = vary(13, 0.07, 0.12);
  const eyes = [-1, 1].flatMap((side): Part[] => [
    { x: 0.5 + side * apart, y: 0.3, width: 0.09, height: 0.016, colour: dark },
    {
      x: 0.5 + side * apart,
      y: 0.39,
      width: 0.075,
      height: 0.035,
      colour: [230 * light, 228 * light, 225 * light],
    },
    { x: 0.5 + side * apart, y: 0.39, width: 0.032, height: 0.033, colour: dark },
  ]);
  return [
    { x: 0.5, y: 0.42, width: 0.46, height: 0.6, colour: dark },
    { x: 0.5, y: 0.52, width: vary(17, 0.36, 0.42), height: 0.52, colour: shade(1) },
    { x: 0.38, y: 0.6, width: 0.1, height: 0.14, colour: shade(1.06) },
    { x: 0.5, y: 0.5, width: 0.03, height: 0.13, colour: shade(1.08) },
    { x: 0.5, y: 0.62, width: vary(19, 0.05, 0.08), height: 0.03, colour: shade(0.75) },
    ...eyes,
    {
      x: 0.5,
      y: 0.76,
      width: mouth,
      height: vary(23, 0.018, 0.035),
      colour: [skin[0] * light * 0.85, skin[1] * light * 0.5, skin[2] * light * 0.5],
    },
  ];
}

function paint(parts: readonly Part[], x: number, y: number, target: Float32Array, at: number): void {
  // The wall is lighter at the top left.
  const colour = [200 - 60 * x, 205 - 60 * y, 210 - 50 * x - 20 * y];
  for (const part of parts) {
    const distance = Math.hypot((x - part.x) / part.width, (y - part.y) / part.height);
    const cover = Math.min(1, Math.max(0, (1 - distance) * 6));
    for (let i = 0; i < 3; i += 1) colour[i] += (part.colour[i] - colour[i]) * cover;
  }
  for (let i = 0; i < 3; i += 1) target[at + i] = Math.min(255, Math.max(0, colour[i]));
}

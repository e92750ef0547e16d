/** Coordinates with a tenth of a pixel: enough for the eye, and small files. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

export function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export function text(
  x: number,
  y: number,
  content: string,
  kind: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
): string {
  return `<text x="${at(x)}" y="${at(y)}" class="${kind}" text-anchor="${anchor}">${escape(content)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return `<path d="M${at(x1)} ${at(y1)}L${at(x2)} ${at(y2)}" class="${kind}"/>`;
}

/** A line through points. */
export function polyline(points: readonly (readonly [number, number])[], kind: string): string {
  const path = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${at(x)} ${at(y)}`).join('');
  return `<path d="${path}" class="${kind}"/>`;
}

/** The area between two lines over the same x. */
export function band(
  upper: readonly (readonly [number, number])[],
  lower: readonly (readonly [number, number])[],
  kind: string,
): string {
  const path = [...upper, ...[...lower].reverse()]
    .map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${at(x)} ${at(y)}`)
    .join('');
  return `<path d="${path}Z" class="${kind}"/>`;
}

/**
 * One drawing for light and dark: viewers that know the reader's scheme take it, the others (and PNG) the light one.
 * Orange for different people and blue for the same person: told apart by every kind of eye, and of unlike lightness
 * in print.
 */
export const style = `
.paper{fill:#fff}.title{font-size:21px;font-weight:600;fill:#16202b}.note{font-size:13px;fill:#566473}
.label{font-size:13px;fill:#3b4753}.tick{font-size:12px;fill:#6a7683}.mark-text{font-size:12.5px;fill:#16202b;paint-order:stroke;stroke:#fff;stroke-width:4px;stroke-linejoin:round}
.grid{stroke:#e4e8ec;stroke-width:1;fill:none}.axis{stroke:#97a3ae;stroke-width:1;fill:none}
.mark{stroke:#16202b;stroke-width:1.2;stroke-dasharray:5 4;fill:none}.mark.second{stroke:#7b4bb3}
.same{stroke:#1f6fd0;stroke-width:2.2;fill:none;stroke-linejoin:round}
.different{stroke:#d9660b;stroke-width:2.2;fill:none;stroke-linejoin:round}
.same-area{fill:#1f6fd0;fill-opacity:.17}.different-area{fill:#d9660b;fill-opacity:.17}
.same-bars{fill:#1f6fd0;fill-opacity:.42}.different-bars{fill:#d9660b;fill-opacity:.42}
.dot{fill:#fff;stroke:#16202b;stroke-width:2}
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
@media (prefers-color-scheme:dark){
.paper{fill:#11161c}.title,.mark-text{fill:#eef2f6}.mark-text{stroke:#11161c}.note{fill:#9eabb8}.label{fill:#c3cdd7}.tick{fill:#8f9ca9}
.grid{stroke:#262f39}.axis{stroke:#5c6975}.mark{stroke:#eef2f6}.mark.second{stroke:#c49bff}
.same{stroke:#6db3ff}.different{stroke:#ffa454}.same-area{fill:#6db3ff}.different-area{fill:#ffa454}
.same-bars{fill:#6db3ff}.different-bars{fill:#ffa454}.dot{fill:#11161c;stroke:#eef2f6}
}`;

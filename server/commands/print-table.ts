/** Prints records as an aligned table with their keys as head; null is shown as a dash. */
export function printTable(rows: readonly Record<string, string | number | boolean | null>[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [
    columns,
    ...rows.map((row) => columns.map((column) => (row[column] === null ? '-' : String(row[column])))),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index].length)));
  for (const row of cells) {
    process.stdout.write(
      `${row
        .map((cell, index) => cell.padEnd(widths[index]))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
}

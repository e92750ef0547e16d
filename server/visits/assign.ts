/**
 * The assignment of rows to columns with the least total cost, each used at most once. Pairs that cost
 * `unassigned` or more stay apart; leaving a row alone costs `unassigned`.
 *
 * Shortest augmenting paths with potentials (the Hungarian algorithm in O(rows² columns): R. Jonker and
 * A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment problems",
 * Computing 38, 1987).
 *
 * @param cost rows x columns, each >= 0; Infinity for a pair that must not be
 * @returns for each row its column, or -1
 */
export function assign(cost: readonly (readonly number[])[], unassigned: number): number[] {
  const rows = cost.length;
  const real = cost[0]?.length ?? 0;
  // One column more for each row, to be alone in.
  const columns = real + rows;
  const costOf = (row: number, column: number) =>
    column < real ? Math.min(cost[row][column], unassigned * 2) : unassigned;
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  /** 1-based row of each 1-based column; 0: free. Column 0 holds the row that is being placed. */
  const rowOf = new Int32Array(columns + 1);
  const from = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row += 1) {
    rowOf[0] = row;
    const shortest = new Float64Array(columns + 1).fill(Infinity);
    const done = new Uint8Array(columns + 1);
    let column = 0;
    do {
      done[column] = 1;
      const at = rowOf[column];
      let step = Infinity;
      let next = 0;
      for (let j = 1; j <= columns; j += 1) {
        if (done[j]) continue;
        const reduced = costOf(at - 1, j - 1) - rowPotential[at] - columnPotential[j];
        if (reduced < shortest[j]) {
          shortest[j] = reduced;
          from[j] = column;
        }
        if (shortest[j] < step) {
          step = shortest[j];
          next = j;
        }
      }
      for (let j = 0; j <= columns; j += 1) {
        if (done[j]) {
          rowPotential[rowOf[j]] += step;
          columnPotential[j] -= step;
        } else {
          shortest[j] -= step;
        }
      }
      column = next;
    } while (rowOf[column] !== 0);
    for (; column !== 0; column = from[column]) rowOf[column] = rowOf[from[column]];
  }
  const result = new Array<number>(rows).fill(-1);
  for (let column = 1; column <= real; column += 1) {
    const row = rowOf[column] - 1;
    if (row >= 0 && cost[row][column - 1] < unassigned) result[row] = column - 1;
  }
  return result;
}

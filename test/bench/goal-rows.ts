/** Goals as the rows of a table; `met` stays empty where nothing was measured. */
export function goalRows<Told>(
  goals: readonly { name: string; goal: Told; measured: Told; met: boolean | null }[],
) {
  return goals.map(({ name, goal, measured, met }) => ({
    what: name,
    goal,
    measured,
    met: met === null ? null : met ? 'yes' : 'NO',
  }));
}

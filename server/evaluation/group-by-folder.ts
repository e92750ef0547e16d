/** Pairs whose two pictures lie in different folders. */
export const ACROSS = '(across)';

/**
 * The folder that each pair belongs to: the first one below what all pictures have in common, `orl` of
 * `images/orl/s1/1.png`; ACROSS for a pair of two folders.
 */
export function groupByFolder<P extends { a: string; b: string }>(pairs: readonly P[]): Map<string, P[]> {
  if (pairs.length === 0) return new Map();
  const folders = new Map<string, string[]>();
  for (const { a, b } of pairs)
    for (const path of [a, b])
      if (!folders.has(path)) folders.set(path, path.replaceAll('\\', '/').split('/').slice(0, -1));
  let common = 0;
  const all = [...folders.values()];
  while (all.every((parts) => parts.length > common && parts[common] === all[0][common])) common += 1;
  const groupOf = (path: string): string => folders.get(path)![common] ?? '.';
  const groups = new Map<string, P[]>();
  for (const pair of pairs) {
    const [one, other] = [groupOf(pair.a), groupOf(pair.b)];
    const group = one === other ? one : ACROSS;
    const members = groups.get(group);
    if (members) members.push(pair);
    else groups.set(group, [pair]);
  }
  // The mixed ones last, the others by name.
  return new Map(
    [...groups].sort(([a], [b]) => Number(a === ACROSS) - Number(b === ACROSS) || (a < b ? -1 : 1)),
  );
}

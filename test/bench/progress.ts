/** Lines are written at most this often, ms. */
const EVERY_MS = 1_000;

/** Writes where a long work stands to standard error: over itself on a terminal, now and then a line elsewhere. */
export function progress(stream: NodeJS.WriteStream = process.stderr): (line: string) => void {
  const everyMs = stream.isTTY ? EVERY_MS : 10 * EVERY_MS;
  let last = -Infinity;
  return (line) => {
    const now = performance.now();
    if (now - last < everyMs) return;
    last = now;
    stream.write(stream.isTTY ? `\r${line}\u001b[K` : `${line}\n`);
  };
}

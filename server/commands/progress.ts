import type { Clock } from '../base/clock.js';

/** How far a long piece of work is. */
export interface Progress {
  step(done: number): void;
  /** Clears the bar. */
  end(): void;
}

const BAR = 28;
/** Between two redrawings, ms: on a terminal, and where lines pile up in a file. */
const REDRAW_MS = { terminal: 100, file: 10_000 };

/**
 * A progress bar on standard error, where a person watches; otherwise a plain line now and then, so that a log shows
 * that it goes on.
 */
export function startProgress(
  what: string,
  total: number,
  clock: Clock,
  stream: NodeJS.WriteStream = process.stderr,
): Progress {
  const began = clock.monotonic();
  const every = stream.isTTY ? REDRAW_MS.terminal : REDRAW_MS.file;
  let shown = stream.isTTY ? -Infinity : began;
  return {
    step(done) {
      const now = clock.monotonic();
      if (now - shown < every || done === 0) return;
      shown = now;
      const left = Math.round((((now - began) / done) * (total - done)) / 1000);
      const told = `${done} of ${total}, ${left >= 90 ? `${Math.round(left / 60)} min` : `${left} s`} left`;
      if (!stream.isTTY) {
        stream.write(`${what}: ${told}\n`);
        return;
      }
      const full = Math.round((done / total) * BAR);
      stream.write(`\r\u001B[K${what} ${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${told}`);
    },
    end() {
      if (stream.isTTY) stream.write('\r\u001B[K');
    },
  };
}

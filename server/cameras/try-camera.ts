import type { Clock } from '../base/clock.js';
import type { ErrorCode } from '../base/errors.js';
import { newFrame, type FrameSink } from '../frames/frame.js';
import { SourceFault, type Source } from './source.js';

/** ok: the first frame came after `ms`. Otherwise why not, in the operator's words. */
export type Trial = { ok: true; ms: number } | { ok: false; ms: number; code: ErrorCode; reason: string };

/**
 * Runs a source until its first frame, once, for `gatehouse check`. When this resolves, nothing of it is left.
 *
 * @param size pixels of the frames the source was made for
 * @param withinMs longest wait for the first frame
 */
export async function tryCamera(
  source: Source,
  size: { width: number; height: number },
  withinMs: number,
  clock: Clock,
): Promise<Trial> {
  const abort = new AbortController();
  const startedAt = clock.monotonic();
  let firstAt = null as number | null;
  const sink: FrameSink = {
    ...size,
    writing: newFrame(size),
    publish: () => {
      firstAt ??= clock.monotonic();
      abort.abort();
    },
  };
  const alarm = clock.scheduler.schedule(() => abort.abort(), withinMs);
  let fault: unknown = null;
  try {
    await source.run(sink, abort.signal);
  } catch (thrown) {
    fault = thrown;
  }
  alarm.unsubscribe();
  const ms = Math.round((firstAt ?? clock.monotonic()) - startedAt);
  if (firstAt !== null) return { ok: true, ms };
  if (fault instanceof SourceFault) return { ok: false, ms, code: fault.code, reason: fault.message };
  if (fault !== null)
    return { ok: false, ms, code: 'CAMERA_FAILED', reason: 'The source failed unexpectedly.' };
  const reason = `No picture within ${withinMs / 1000} s.`;
  return { ok: false, ms, code: 'CAMERA_NO_ANSWER', reason };
}

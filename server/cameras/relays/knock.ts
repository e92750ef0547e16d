import type { Clock } from '../../base/clock.js';
import { SourceFault } from '../source.js';
import { address, connectionFault, connectTo } from './connect.js';

/** One more connection is tried after this long without an answer, ms. */
const AGAIN_MS = 900;

/**
 * Asks an RTSP server whether it is there: one OPTIONS request, any answer will do. A camera that was away is
 * asked this way first, which is cheaper by far than an ffmpeg that finds nobody. A slow camera has until
 * `withinMs`; one that forgot our connection while it restarted is asked anew meanwhile.
 *
 * Resolves with why not, or null when it answered or the signal was aborted; by then the sockets are closed.
 */
export async function knock(
  url: URL,
  withinMs: number,
  signal: AbortSignal,
  clock: Clock,
): Promise<SourceFault | null> {
  if (signal.aborted) return null;
  const where = address(url);
  return new Promise((resolve) => {
    let answer: SourceFault | null = null;
    let open = 0;
    const over = new AbortController();
    const leave = () => over.abort();

    const ask = () => {
      const socket = connectTo(url);
      open += 1;
      const hangUp = () => socket.destroy();
      over.signal.addEventListener('abort', hangUp, { once: true });
      socket.write(`OPTIONS rtsp://${where}/ RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: Gatehouse\r\n\r\n`);
      socket.on('data', leave);
      const failed = (fault: SourceFault) => {
        if (over.signal.aborted) return;
        answer = fault;
        leave();
      };
      socket.on('end', () =>
        failed(new SourceFault('CAMERA_DROPPED', `${where} closed the connection without an answer.`)),
      );
      socket.on('error', (error) => failed(connectionFault(error, where)));
      socket.on('close', () => {
        open -= 1;
        if (open > 0) return;
        again.unsubscribe();
        alarm.unsubscribe();
        signal.removeEventListener('abort', leave);
        resolve(signal.aborted ? null : answer);
      });
    };

    const again = clock.scheduler.schedule(function () {
      if (over.signal.aborted) return;
      ask();
      this.schedule(undefined, AGAIN_MS);
    }, AGAIN_MS);
    const alarm = clock.scheduler.schedule(() => {
      const seconds = (withinMs / 1000).toFixed(1);
      answer = new SourceFault('CAMERA_NO_ANSWER', `No answer from ${where} within ${seconds} s.`);
      leave();
    }, withinMs);
    signal.addEventListener('abort', leave, { once: true });
    ask();
  });
}

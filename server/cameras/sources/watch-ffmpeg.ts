import type { Subscription } from 'rxjs';
import type { Clock } from '../../base/clock.js';
import type { GatehouseError } from '../../base/errors.js';
import type { YuvMatrix } from '../../frames/frame.js';
import { classifyFault, type Phase, type Remains } from '../classify-fault.js';
import type { Ffmpeg } from '../find-ffmpeg.js';
import type { Hardware } from '../hardware/hardware.js';
import { SourceFault } from '../source.js';
import { startFfmpeg } from './ffmpeg.js';
import { FramePatience } from './frame-patience.js';
import type { FfmpegPlan } from './plan.js';
import { watchMatrix } from './watch-matrix.js';

/** What every source that runs ffmpeg is handed. */
export interface FfmpegTools {
  readonly ffmpeg: Ffmpeg;
  readonly clock: Clock;
  /** Told why a camera's own video cannot be copied beside its frames: VIDEO_UNUSABLE. */
  readonly noVideo?: (why: GatehouseError) => void;
  /** How video is decoded; left out: by software. */
  readonly hardware?: Hardware;
  /**
   * Where decoding of copied video cannot keep up. timely (left out): it gives way to recognition, and what it is late with is left
   * out. complete: it has the priority of everything else, and every wanted picture is decoded, up to ten seconds late.
   */
  readonly decoding?: 'timely' | 'complete';
}

export interface FfmpegTask extends Pick<Remains, 'where' | 'kind' | 'credentials' | 'secrets'> {
  readonly plan: FfmpegPlan;
  /** Pictures a second that are expected. */
  readonly fps: number;
  /** Longest wait until the camera has answered and said what it sends, ms. */
  readonly answerMs: number;
  /** Longest wait from then to the first picture (a camera may send a key frame only every 10 s), ms. */
  readonly pictureMs: number;
  /** Additional patience with silences until the camera's rhythm is known, ms. */
  readonly extraPatienceMs?: number;
  /** Asked when ffmpeg ended: whoever stands between it and the camera may know better why. */
  readonly explain?: () => SourceFault | null;
  /** Called when the task ends by a fault, with how far it had come and whether the camera's rhythm was known. */
  readonly ended?: (how: { phase: Phase; learned: boolean; lines: readonly string[] }) => void;
}

/** What ffmpeg says once a camera described its stream (RTSP), or once the input is open (all others). */
const ANSWERED = /\[verbose\] SDP:|Input #0/;
/** With two outputs ffmpeg says some twenty lines of farewell. */
const KEPT_LINES = 40;
const KEPT_LINE_LENGTH = 500;
/** The silence is looked at this often, ms. */
const LOOK_MS = 500;
/** A watch that goes off this late, ms, was not watching: our own process was held up. */
const HELD_UP_MS = 250;

/** Makes what takes ffmpeg's output, and calls `arrived` after each picture. `matrix` tells which matrix raw ones are in. */
export type Reader = (arrived: () => void, matrix: () => YuvMatrix) => (chunk: Buffer) => void;

/**
 * Runs one ffmpeg: its output goes to a reader, and its silence is watched. Contract of Source.run.
 *
 * ffmpeg itself notices a stalled connection only after twice its own timeout, so the watch is ours.
 *
 * @param videoUrl where the plan's second output goes; null: there is none
 */
export async function watchFfmpeg(
  task: FfmpegTask,
  { ffmpeg, clock }: FfmpegTools,
  reader: Reader,
  signal: AbortSignal,
  videoUrl: string | null = null,
): Promise<void> {
  const aborted = () => signal.aborted;
  if (aborted()) return;
  const started = clock.monotonic();
  const patience = new FramePatience(task.fps, task.extraPatienceMs);
  const lines: string[] = [];
  let phase = 'answer' as Phase;
  let answeredAt = started;
  let silence = null as SourceFault | null;
  let alarm = null as Subscription | null;

  const answered = () => {
    if (phase !== 'answer') return;
    phase = 'picture';
    answeredAt = clock.monotonic();
    watch();
  };
  const stream = watchMatrix();
  const write = reader(
    () => {
      const first = phase !== 'live';
      phase = 'live';
      patience.arrived(clock.monotonic());
      if (first) watch();
    },
    () => stream.matrix,
  );
  const process = startFfmpeg(
    ffmpeg.path,
    task.plan,
    {
      // Once it is to end, what still comes is drained and thrown away: a full pipe would keep it from ending.
      bytes: (chunk) => {
        if (!aborted() && !silence) write(chunk);
      },
      line: (text) => {
        if (ANSWERED.test(text)) answered();
        stream.line(text);
        lines.push(text.slice(0, KEPT_LINE_LENGTH));
        if (lines.length > KEPT_LINES) lines.shift();
      },
    },
    clock.scheduler,
    videoUrl,
  );

  const runsOutAt = (): number =>
    phase === 'answer'
      ? started + task.answerMs
      : phase === 'picture'
        ? answeredAt + task.pictureMs
        : patience.runsOutAt!;
  function watch(graceMs = 0): void {
    alarm?.unsubscribe();
    const now = clock.monotonic();
    // Patience may shrink meanwhile, as the camera's rhythm becomes known: it is looked at now and then.
    const due = Math.min(Math.max(runsOutAt(), now + graceMs), now + LOOK_MS);
    alarm = clock.scheduler.schedule(() => {
      const now = clock.monotonic();
      if (now < runsOutAt()) watch();
      else if (now - due > HELD_UP_MS) watch(HELD_UP_MS);
      else {
        silence = silent(task, phase, Math.round(now - (runsOutAt() - limitMs())));
        process.end('now');
      }
    }, due - now);
  }
  const limitMs = (): number =>
    phase === 'answer' ? task.answerMs : phase === 'picture' ? task.pictureMs : patience.limitMs;
  watch();
  const leave = () => process.end('gently');
  signal.addEventListener('abort', leave, { once: true });

  const exit = await process.gone;
  alarm?.unsubscribe();
  signal.removeEventListener('abort', leave);
  if (aborted()) return;
  task.ended?.({ phase, learned: patience.learned, lines });
  if (exit.error) {
    throw new SourceFault('FFMPEG_BROKEN', 'ffmpeg could not be started.', 'slowly', { cause: exit.error });
  }
  const known = task.explain?.();
  throw known ?? silence ?? classifyFault({ ...task, ...exit, lines, phase });
}

function silent(task: FfmpegTask, phase: Phase, ms: number): SourceFault {
  const seconds = (ms / 1000).toFixed(1);
  if (phase === 'answer') {
    return new SourceFault('CAMERA_NO_ANSWER', `No answer from ${task.where} within ${seconds} s.`);
  }
  if (phase === 'picture') {
    return new SourceFault('CAMERA_STALLED', `${task.where} answers, but sent no picture for ${seconds} s.`);
  }
  return new SourceFault('CAMERA_STALLED', `No picture for ${seconds} s, although the connection stands.`);
}

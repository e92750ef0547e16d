import { constants, getPriority, setPriority } from 'node:os';
import { Writable } from 'node:stream';
import type { ChildProcess } from 'node:child_process';
import type { SchedulerLike, Subscription } from 'rxjs';
import FfmpegCommand from 'fluent-ffmpeg';
import { STEPS_BACK } from '../../base/stand-back.js';
import type { FfmpegPlan } from './plan.js';
import { readInPlace } from './read-in-place.js';

/** How an ffmpeg ended. `error` is set where it could not be started at all. */
export interface FfmpegExit {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error: Error | null;
}

/** An ffmpeg that runs. */
export interface FfmpegProcess {
  /** Its standard input, where the plan reads `pipe:0`; closed otherwise. */
  readonly input: {
    write(bytes: Uint8Array): void;
    /** Bytes that were written and not read yet. */
    pending(): number;
  };
  /** Resolves when the process is gone and its pipes are closed; never rejects. */
  readonly gone: Promise<FfmpegExit>;
  /** gently: it may say goodbye to the camera (RTSP TEARDOWN), and is killed if that takes long. now: killed. */
  end(how: 'gently' | 'now'): void;
}

export interface FfmpegListeners {
  /** Bytes of the output. They are never paused, for a paused ffmpeg delivers old frames later. */
  bytes(chunk: Buffer): void;
  /** A line of stderr. */
  line(text: string): void;
}

const GOODBYE_MS = 700;

/** The parts of fluent-ffmpeg that are replaced below and that its types leave out. */
interface CommandInsides {
  _checkCapabilities(done: (error?: Error) => void): void;
  _getFfmpegPath(done: (error: Error | null, path: string) => void): void;
  availableEncoders(done: (error: Error | null, encoders: Record<string, never>) => void): void;
  ffmpegProc?: ChildProcess;
}

/**
 * Starts ffmpeg. The only file that knows fluent-ffmpeg, whose traps end here:
 *
 * - its check of capabilities runs ffmpeg three times first and misreads what newer builds answer: left out;
 * - it reports a camera that went away as `end`: the process itself is listened to instead;
 * - it splits options at spaces when they come as an array: they are handed over one by one;
 * - it looks for the path in a cache that all commands share: each command is told its own;
 * - it takes one stream as an output: the second output is an address that somebody listens on.
 *
 * @param videoUrl where the plan's video goes; null: it is not asked for. Whoever listens there reads all that
 *   comes, for an output that is not read stalls the other one.
 */
export function startFfmpeg(
  path: string,
  plan: FfmpegPlan,
  on: FfmpegListeners,
  scheduler: SchedulerLike,
  videoUrl: string | null = null,
): FfmpegProcess {
  const output = new Writable({
    // One high-water mark that is never reached: a full pipe would pause stdout for a turn of the loop.
    highWaterMark: 2 ** 30,
    write(chunk: Buffer, _encoding, done) {
      on.bytes(chunk);
      done();
    },
  });
  const command = FfmpegCommand({ source: plan.input, stdoutLines: 20 });
  command
    .inputOptions(...plan.inputOptions)
    .outputOptions(...plan.outputOptions)
    .output(output);
  if (videoUrl !== null && plan.videoOptions) command.output(videoUrl).outputOptions(...plan.videoOptions);
  const insides = command as unknown as CommandInsides;
  insides._checkCapabilities = (done) => done();
  insides._getFfmpegPath = (done) => done(null, path);
  insides.availableEncoders = (done) => done(null, {});

  let child: ChildProcess | null = null;
  let wanted: 'gently' | 'now' | null = null;
  let alarm: Subscription | null = null;
  /** Written before there was a process to write to. */
  let early: Uint8Array[] = [];

  const gone = new Promise<FfmpegExit>((resolve) => {
    const over = (exit: FfmpegExit) => {
      alarm?.unsubscribe();
      resolve(exit);
    };
    command.on('stderr', (text: string) => on.line(text));
    command.on('error', (error: Error) => {
      if (child?.pid === undefined) over({ exitCode: null, signal: null, error });
    });
    command.on('start', () => {
      child = insides.ffmpegProc!;
      if (plan.yields) yieldToOthers(child);
      // Otherwise it goes through the stream above.
      if (child.stdout) readInPlace(child.stdout, (chunk) => on.bytes(chunk));
      child.once('close', (exitCode, signal) => {
        if (child?.pid !== undefined) over({ exitCode, signal, error: null });
      });
      child.stdin!.on('error', () => undefined);
      if (plan.input !== 'pipe:0') child.stdin!.destroy();
      for (const bytes of early) child.stdin!.write(bytes);
      early = [];
      if (wanted) child.kill('SIGKILL');
    });
    command.run();
  });

  return {
    input: {
      write: (bytes) => {
        if (!child) early.push(bytes);
        else if (child.stdin!.writable) child.stdin!.write(bytes);
      },
      pending: () =>
        child ? child.stdin!.writableLength : early.reduce((sum, { length }) => sum + length, 0),
    },
    gone,
    end: (how) => {
      if (wanted === 'now' || wanted === how) return;
      wanted = how;
      if (how === 'now') child?.kill('SIGKILL');
      else {
        child?.kill('SIGTERM');
        alarm = scheduler.schedule(() => child?.kill('SIGKILL'), GOODBYE_MS);
      }
    },
  };
}

/** Recognition's threads stand back a little themselves. */
const DECODER_STEPS_BACK = STEPS_BACK + 10;

/** The system gives its processors to others first: to us, however low we stand. Where it may not be told so, all are alike. */
function yieldToOthers({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined)
      setPriority(pid, Math.min(getPriority() + DECODER_STEPS_BACK, constants.priority.PRIORITY_LOW));
  } catch {
    // It is gone already, or this system knows no priorities.
  }
}

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EngineName } from '../../server/faces/engine.js';
import type { Picture } from '../../server/frames/frame.js';
import type { Slice } from './measure.js';

/** What a child process is to be: one of our engines, or another library as it is shipped. */
export type Spec =
  { kind: 'engine'; engine: EngineName; threads: number } | { kind: 'face-api' | 'human'; backend: Backend };

/** What the peers' TensorFlow.js computes on, the best first. */
export const backends = ['tfjs-node', 'wasm'] as const;
export type Backend = (typeof backends)[number];

/** Something a contender can be timed at. */
export interface Work {
  /**
   * `frame` (find, align and embed everybody), `detect` (find them), either with `-ssd` where SSD finds them, or
   * `NETWORK/BATCH`.
   */
  readonly name: string;
  /** One call; answers with its own time in ms where the caller's watch would measure more than the work. */
  readonly run: () => Promise<number | undefined>;
}

/** What the child hands out once everything is loaded. */
export interface Loaded {
  readonly version: string;
  readonly works: readonly Work[];
  /** Faces that it finds in the picture, by the work that looks for them. */
  readonly found: Record<string, number>;
  /** Its embedding of the first chip, where it runs the dlib network; to see that all do the same work. */
  readonly embedding: Float32Array | null;
}

export type Question =
  { kind: 'load'; spec: Spec; picture: Picture } | { kind: 'run'; work: string; ms: number };
export type Answer =
  | {
      kind: 'loaded';
      version: string;
      works: string[];
      found: Record<string, number>;
      embedding: Float32Array | null;
    }
  | ({ kind: 'times' } & Slice)
  | { kind: 'failed'; reason: string };

/** A contender in a process of its own, for networks block their thread and two TensorFlow.js in one process clash. */
export interface Contender {
  /** `onnx`, `onnx x2` (threads), `face-api-wasm` ... */
  readonly name: string;
  readonly spec: Spec;
  readonly version: string;
  readonly works: readonly string[];
  readonly found: Record<string, number>;
  readonly embedding: Float32Array | null;
  /** Why it fell out; null while it runs. */
  readonly failed: string | null;
  /** Runs a work for about `sliceMs`, at least once; null once it has failed. */
  run(work: string, sliceMs: number): Promise<Slice | null>;
  close(): Promise<void>;
}

/** Longest that loading, or one slice of work, may take. */
const PATIENCE_MS = 120_000;

/** Starts a contender. Where it cannot run here, `failed` says why and everything else is empty. */
export async function startContender(spec: Spec, picture: Picture): Promise<Contender> {
  const child = fork(fileURLToPath(new URL('./contender.child.ts', import.meta.url)), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let lastWords = '';
  child.stderr!.on('data', (bytes: Buffer) => (lastWords = `${lastWords}${bytes.toString()}`.slice(-4_000)));
  let failed: string | null = null;
  const gone = once(child, 'exit').then(([code, signal]): Answer => {
    const line = /^\w*Error.*$/mu.exec(lastWords)?.[0] ?? `it ended with ${String(signal ?? code)}`;
    return { kind: 'failed', reason: line };
  });
  const ask = async (question: Question): Promise<Answer> => {
    const answered = once(child, 'message').then(([answer]) => answer as Answer);
    child.send(question);
    const late = new AbortController();
    const tooLong = new Promise<Answer>((resolve) => {
      const alarm = setTimeout(
        () => resolve({ kind: 'failed', reason: `no answer within ${PATIENCE_MS / 1000} s` }),
        PATIENCE_MS,
      );
      late.signal.addEventListener('abort', () => clearTimeout(alarm));
    });
    const answer = await Promise.race([answered, gone, tooLong]);
    late.abort();
    if (answer.kind === 'failed') {
      failed = answer.reason;
      child.kill('SIGKILL');
    }
    return answer;
  };

  const loaded = await ask({
    kind: 'load',
    spec,
    picture: { ...picture, pixels: Uint8Array.from(picture.pixels) },
  });
  const nothing = { version: '', works: [], found: {}, embedding: null };
  const { version, works, found, embedding } = loaded.kind === 'loaded' ? loaded : nothing;
  return {
    name: nameOf(spec),
    spec,
    version,
    works,
    found,
    embedding,
    get failed() {
      return failed;
    },
    async run(work, sliceMs) {
      if (failed !== null) return null;
      const answer = await ask({ kind: 'run', work, ms: sliceMs });
      return answer.kind === 'times' ? answer : null;
    },
    async close() {
      if (child.connected) child.disconnect();
      const alarm = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await gone;
      clearTimeout(alarm);
    },
  };
}

function nameOf(spec: Spec): string {
  if (spec.kind !== 'engine') return `${spec.kind}-${spec.backend}`;
  return spec.threads === 1 ? spec.engine : `${spec.engine} x${spec.threads}`;
}

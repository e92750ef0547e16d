const FREE = 0;
const NATIVE = 1;
const ENDED = 2;

/**
 * Whether a worker thread is in native code, told to the thread that may end it. onnxruntime aborts the whole process
 * when the thread that runs it is terminated before it has come back (its bindings throw where nobody can catch).
 */
export class NativeStretch {
  /** One word of shared memory, to be handed to the worker. */
  readonly shared: Int32Array<SharedArrayBuffer>;

  /** @param shared of the other thread's stretch; left out: a new one */
  constructor(shared: Int32Array<SharedArrayBuffer> = new Int32Array(new SharedArrayBuffer(4))) {
    this.shared = shared;
  }

  /** In the worker: goes into native code and comes back. Never settles where the thread is being ended. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    const before = Atomics.compareExchange(this.shared, 0, FREE, NATIVE);
    if (before === ENDED) return new Promise<T>(() => undefined);
    try {
      return await call();
    } finally {
      if (before === FREE) Atomics.store(this.shared, 0, FREE);
    }
  }

  /** In the other thread: true where the worker is not in native code and from now on cannot go there. */
  closeOff(): boolean {
    return Atomics.compareExchange(this.shared, 0, FREE, ENDED) !== NATIVE;
  }
}

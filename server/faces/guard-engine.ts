import type { Engine, Runner } from './engine.js';
import type { NativeStretch } from './native-stretch.js';

/** An engine that says when it is in native code, so that its thread is not terminated there. */
export function guardEngine(engine: Engine, stretch: NativeStretch): Engine {
  if (engine.interruptible) return engine;
  const guarded = (runner: Runner): Runner => ({
    ...(runner.precision ? { precision: runner.precision } : {}),
    run: (...call) => stretch.run(() => runner.run(...call)),
    close: () => stretch.run(() => runner.close()),
  });
  return {
    name: engine.name,
    version: engine.version,
    ...(engine.maxWorkers === undefined ? {} : { maxWorkers: engine.maxWorkers }),
    load: async (...network) => guarded(await stretch.run(() => engine.load(...network))),
    close: () => stretch.run(() => engine.close()),
  };
}

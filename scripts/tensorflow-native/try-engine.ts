import { openTfjsNode } from '../../server/faces/engines/tfjs-node.js';

// Started as a program of its own by tensorflow-native.ts: opens the engine as the server does and says its version.

try {
  const engine = await openTfjsNode({ threads: 1 });
  console.log(engine.version);
  await engine.close();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

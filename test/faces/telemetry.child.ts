// Starts recognition as the server does, in whatever home folder it is given, and lives long enough for a library to report.
import { silentLog } from '../../server/base/log.js';
import { startRecogniser } from '../../server/faces/start-recogniser.js';

const recogniser = await startRecogniser({
  ...{ engine: 'onnx', workers: 1, network: 'dlib-resnet', modelsFolder: 'nowhere' },
  log: silentLog,
});
process.stdout.write(`${recogniser.description}\n`);
await new Promise((resolve) => setTimeout(resolve, 1_000));
await recogniser.close();

// Started by data-folder.test.ts: takes the folder given as argument, says how that went, and holds it until it is killed.
import { GatehouseError } from '../../server/base/errors.js';
import { openDataFolder } from '../../server/base/data-folder.js';

try {
  await openDataFolder(process.argv[2]);
  process.stdout.write('held\n');
  setInterval(() => undefined, 60_000);
} catch (error) {
  process.stdout.write(`${error instanceof GatehouseError ? error.code : String(error)}\n`);
}

import { asGatehouseError } from '../base/errors.js';
import { redactText } from '../base/redact.js';

/** Runs a command to its exit code; an error becomes two readable lines and its own exit code. */
export async function runCommand(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (thrown) {
    const error = asGatehouseError(thrown);
    process.stderr.write(redactText(`gatehouse: ${error.code}: ${error.message}\n  ${error.remedy}\n`));
    if (error.code === 'INTERNAL' && error.cause instanceof Error)
      process.stderr.write(redactText(`${error.cause.stack}\n`));
    process.exitCode = error.exitCode;
  }
}

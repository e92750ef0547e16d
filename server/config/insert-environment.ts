import { GatehouseError } from '../base/errors.js';

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/**
 * Replaces `${NAME}` in every string of a parsed JSON value by the environment's value.
 *
 * @throws CONFIG_ENV_MISSING naming the path and the variable that is not set
 */
export function insertEnvironment(value: unknown, environment: NodeJS.ProcessEnv, path = ''): unknown {
  if (typeof value === 'string') {
    return value.replace(VARIABLE, (_, name: string) => {
      const found = environment[name];
      if (found !== undefined) return found;
      throw new GatehouseError(
        'CONFIG_ENV_MISSING',
        `${path}: the environment variable ${name} is not set`,
        `Set ${name} before starting, or write the value into the file.`,
      );
    });
  }
  if (Array.isArray(value))
    return value.map((item, index) => insertEnvironment(item, environment, `${path}[${index}]`));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        insertEnvironment(item, environment, path === '' ? key : `${path}.${key}`),
      ]),
    );
  }
  return value;
}

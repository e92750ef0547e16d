import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { GatehouseError } from '../base/errors.js';
import { explainIssues } from '../base/explain-issues.js';
import { cameraConfigs, configSchema, type Config } from '../config.js';
import { checkPhrase } from '../greetings/phrase.js';
import { insertEnvironment } from './insert-environment.js';
import { parseJson } from './parse-json.js';

/**
 * Reads and checks `streams.config.json`. Relative paths in it become absolute, seen from the file.
 *
 * @throws CONFIG_NOT_FOUND, CONFIG_NOT_JSON, CONFIG_ENV_MISSING, CONFIG_UNKNOWN_KEY, CONFIG_INVALID,
 *   CONFIG_DUPLICATE_CAMERA
 */
export async function readConfig(file: string, environment: NodeJS.ProcessEnv): Promise<Config> {
  return parseConfig(await readConfigText(file), file, environment);
}

/** @throws CONFIG_NOT_FOUND */
export async function readConfigText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new GatehouseError('CONFIG_NOT_FOUND', `${file} cannot be read: ${message}`, remedyOf(code), {
      cause,
    });
  }
}

function remedyOf(code: string | undefined): string {
  if (code === 'EACCES') return 'Let the user that runs Gatehouse read it.';
  if (code === 'EISDIR') return 'That is a folder: name the file in it with --config.';
  return 'Name the file with --config, or start in the folder that holds streams.config.json.';
}

/** Checks the text of a configuration; see readConfig. */
export function parseConfig(text: string, file: string, environment: NodeJS.ProcessEnv): Config {
  return checkConfig(parseJson(text, file), file, environment);
}

/** Checks a parsed configuration; see readConfig. */
export function checkConfig(value: unknown, file: string, environment: NodeJS.ProcessEnv): Config {
  const parsed = configSchema.safeParse(insertEnvironment(value, environment));
  if (!parsed.success) {
    const { issues } = parsed.error;
    throw new GatehouseError(
      issues.length === 1 && issues[0].code === 'unrecognized_keys' ? 'CONFIG_UNKNOWN_KEY' : 'CONFIG_INVALID',
      `${file}: ${explainIssues(configSchema, issues)}`,
      'Correct the file; docs/configuration.md lists every key, and `gatehouse check` tries it out.',
    );
  }
  refuseDuplicates(parsed.data, file);
  checkPhrases(parsed.data, file);
  return withAbsolutePaths(parsed.data, dirname(resolve(file)));
}

function refuseDuplicates(config: Config, file: string): void {
  config.cameras.forEach((camera, index) => {
    const first = config.cameras.findIndex((other) => other.id === camera.id);
    if (first === index) return;
    throw new GatehouseError(
      'CONFIG_DUPLICATE_CAMERA',
      `${file}: cameras[${index}].id: "${camera.id}" is the id of cameras[${first}] already`,
      'Give every camera an id of its own.',
    );
  });
}

function checkPhrases(config: Config, file: string): void {
  for (const camera of cameraConfigs(config)) {
    if (camera.greeting.kind !== 'speech') continue;
    const fault = checkPhrase(camera.greeting.phrase, camera.greeting.language).at(0);
    if (fault === undefined) continue;
    throw new GatehouseError(
      'CONFIG_INVALID',
      `${file}: the greeting of camera "${camera.id}": ${fault}`,
      'Correct the phrase or its language; {names} and {camera} are filled in.',
    );
  }
}

function withAbsolutePaths(config: Config, folder: string): Config {
  const absolute = (path: string) => resolve(folder, path);
  const greeting = <G extends Config['defaults']['greeting'] | undefined>(value: G): G =>
    value && value.clip !== undefined ? { ...value, clip: absolute(value.clip) } : value;
  return {
    ...config,
    people: absolute(config.people),
    defaults: { ...config.defaults, greeting: greeting(config.defaults.greeting) },
    cameras: config.cameras.map((camera) => ({
      ...camera,
      greeting: greeting(camera.greeting),
      source:
        camera.source.kind === 'file'
          ? { ...camera.source, path: absolute(camera.source.path) }
          : camera.source,
    })),
  };
}

/** A camera's address and how to log in there, kept apart. */
export interface CameraLogin {
  /** The address without credentials. */
  readonly camera: URL;
  /** Empty where there is none. */
  readonly username: string;
  readonly password: string;
  /** Whether there is anything to log in with. */
  readonly credentials: boolean;
  /** Every spelling of the password, to be kept out of whatever is told; none is empty. */
  readonly secrets: readonly string[];
}

/** Takes the credentials out of a camera's URL; those that stand beside it win. */
export function splitLogin(options: {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}): CameraLogin {
  const camera = new URL(options.url);
  const username = options.username ?? decode(camera.username);
  const password = options.password ?? decode(camera.password);
  const secrets = [...new Set([password, decode(camera.password), camera.password])].filter(
    (each) => each !== '',
  );
  camera.username = '';
  camera.password = '';
  return { camera, username, password, credentials: username !== '' || password !== '', secrets };
}

/** A password may hold a percent sign that was never meant as an escape. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// Lengths are bounded, so that hostile text costs no time.
/** Everything up to the last `@` of the authority goes: a password may hold an unescaped `@`. */
const CREDENTIALS_IN_URL = /\b([a-z][a-z0-9+.-]*:\/\/)([^\s/?#"'<>]{0,512})@/gi;
/** A password with an unescaped `/`, `?`, `#` or quote; `host:8080/path` alone is none. */
const SLOPPY_CREDENTIALS =
  /\b([a-z][a-z0-9+.-]*:\/\/)(?!\*\*\*@)[^\s/:@]{0,256}:(?!\d{1,5}(?:[/?#]|$|\s))\S{0,512}@/gi;
const SECRET_PARAMETER =
  /([?&](?:[\w-]*(?:token|password|passwd|pwd|secret)|pass|auth|key|api_?key)=)[^&\s"'<>]+/gi;
const AUTHORIZATION = /\b(authorization["']?\s*[:=]\s*["']?(?:[a-z]+\s+)?)[^\s"',]+/gi;
const BEARER = /\b(bearer\s+)[\w.~+/=-]{8,}/gi;

/** Names of fields whose value is never shown. */
const SECRET_FIELD = /^(.*(password|passwd|secret|token)|authorization|(set-)?cookie|api_?key)$/i;
const CENSORED = '[redacted]';
/** Shorter secrets are taken out as whole words only: every "1" of a line would tell what the password is. */
const SHORT = 4;

/**
 * Removes credentials from text that may hold URLs: `rtsp://user:pass@host` becomes `rtsp://***@host`,
 * and `?password=x` becomes `?password=***`. ffmpeg prints URLs with their passwords on failure. Hand over
 * `secrets` too where they are known, for text that is no URL; they are found in percent-encoding and
 * in JSON as well.
 */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of spellings(secrets)) clean = take(clean, secret);
  return clean
    .replace(CREDENTIALS_IN_URL, '$1***@')
    .replace(SLOPPY_CREDENTIALS, '$1***@')
    .replace(SECRET_PARAMETER, '$1***')
    .replace(AUTHORIZATION, '$1***')
    .replace(BEARER, '$1***');
}

/**
 * Redacts every text in a JSON value, names of fields included, and whatever stands under a name such as
 * `password` or `token`, at any depth.
 */
export function redactValue(value: unknown, secrets: readonly string[] = []): unknown {
  if (typeof value === 'string') return redactText(value, secrets);
  if (Array.isArray(value)) return value.map((each) => redactValue(each, secrets));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      redactText(name, secrets),
      SECRET_FIELD.test(name) && each !== null ? CENSORED : redactValue(each, secrets),
    ]),
  );
}

/** Longest first, so that no secret is left in half where another is part of it. */
function spellings(secrets: readonly string[]): string[] {
  const all = new Set(
    secrets.flatMap((secret) => [secret, encoded(secret), JSON.stringify(secret).slice(1, -1)]),
  );
  return [...all].filter((secret) => secret !== '').sort((a, b) => b.length - a.length);
}

function encoded(secret: string): string {
  // Half a surrogate pair cannot be encoded, and is no reason to fail.
  return encodeURIComponent(secret.replace(/\p{Cs}/gu, ''));
}

function take(text: string, secret: string): string {
  if (secret.length >= SHORT) return text.replaceAll(secret, '***');
  const literal = secret.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'gu'), '***');
}

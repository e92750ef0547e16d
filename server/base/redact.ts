const CREDENTIALS_IN_URL = /\b([a-z][a-z0-9+.-]*:\/\/)([^\s/?#"'<>]*)@/gi;
const SECRET_PARAMETER = /([?&](?:token|password|passwd|pwd|pass|auth|key|secret)=)[^&\s"'<>]+/gi;

/**
 * Removes credentials from text that may hold URLs: `rtsp://user:pass@host` becomes `rtsp://***@host`,
 * and `?password=x` becomes `?password=***`. ffmpeg prints URLs with their passwords on failure.
 * A password that holds an unescaped `@` is covered, since everything up to the last `@` of the
 * authority goes; hand over `secrets` too where they are known, for text that is no URL.
 */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) if (secret.length > 0) clean = clean.split(secret).join('***');
  return clean.replace(CREDENTIALS_IN_URL, '$1***@').replace(SECRET_PARAMETER, '$1***');
}

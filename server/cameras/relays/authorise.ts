import { createHash, randomBytes } from 'node:crypto';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * The value of an `Authorization` header that answers a server's challenges, for RTSP as for HTTP: Digest with
 * SHA-256 or MD5 (RFC 7616, RFC 2069 where the server knows no qop), else Basic (RFC 7617).
 *
 * @param challenges values of the reply's WWW-Authenticate headers
 * @param clientNonce hexadecimal; tests hand one in
 * @returns null where none of the challenges is understood
 */
export function authorise(
  challenges: readonly string[],
  { username, password }: Credentials,
  request: { method: string; uri: string },
  clientNonce: string = randomBytes(8).toString('hex'),
): string | null {
  const digests = challenges.filter((challenge) => /^digest\s/i.test(challenge)).map(parameters);
  for (const algorithm of ['SHA-256', 'MD5'] as const) {
    const digest = digests.find((one) => (one['algorithm'] ?? 'MD5').toUpperCase() === algorithm);
    if (digest?.['nonce'] === undefined) continue;
    const { realm = '', nonce, opaque } = digest;
    const hash = (text: string) =>
      createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
        .update(text)
        .digest('hex');
    const secret = hash(`${username}:${realm}:${password}`);
    const asked = hash(`${request.method}:${request.uri}`);
    const qop = digest['qop']?.split(',').some((value) => value.trim() === 'auth') === true;
    const count = '00000001';
    const response = qop
      ? hash(`${secret}:${nonce}:${count}:${clientNonce}:auth:${asked}`)
      : hash(`${secret}:${nonce}:${asked}`);
    return [
      `Digest username="${quote(username)}", realm="${quote(realm)}", nonce="${nonce}", uri="${request.uri}"`,
      `response="${response}"`,
      ...(digest['algorithm'] === undefined ? [] : [`algorithm=${digest['algorithm']}`]),
      ...(qop ? [`qop=auth`, `nc=${count}`, `cnonce="${clientNonce}"`] : []),
      ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
    ].join(', ');
  }
  if (challenges.some((challenge) => /^basic(\s|$)/i.test(challenge))) {
    return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  return null;
}

function parameters(challenge: string): Record<string, string | undefined> {
  const found: Record<string, string> = {};
  for (const [, name, quoted, bare] of challenge.matchAll(
    /([a-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gi,
  )) {
    found[name.toLowerCase()] = (quoted as string | undefined)?.replace(/\\(.)/g, '$1') ?? bare;
  }
  return found;
}

function quote(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}

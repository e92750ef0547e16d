import { createHmac, createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

export const SESSION_COOKIE = 'gatehouse_session';
/** A desk stays signed in for this long. */
export const SESSION_SECONDS = 30 * 24 * 3600;

export type Refusal = 'unauthorised' | 'origin' | 'host';

export interface Access {
  /** Whether a request may see anything; null is yes. */
  refuses(headers: IncomingHttpHeaders): Refusal | null;
  /** Whether the origin of a request is this server itself (or no browser at all). */
  foreignOrigin(headers: IncomingHttpHeaders): Refusal | null;
  /** The cookie's value for the right token, null for a wrong one. */
  signIn(token: string): string | null;
  readonly tokenRequired: boolean;
}

/**
 * Who may come in. With a token it is asked of everybody: `Authorization: Bearer TOKEN` of programs, a signed
 * cookie of browsers. Without one the server listens on loopback only, and two ways in which a web page could
 * still reach it are closed: a foreign `Origin` (WebSockets know no same-origin policy) and a foreign `Host`
 * (DNS rebinding).
 *
 * The cookie is an expiry time and its HMAC under the token, so it outlives a restart and ends with the token.
 */
export function createAccess(token: string | null, now: () => number): Access {
  const foreignOrigin = (headers: IncomingHttpHeaders): Refusal | null => {
    const { origin, host } = headers;
    if (origin === undefined) return null;
    return URL.canParse(origin) && new URL(origin).host === host ? null : 'origin';
  };

  const sign = (expiry: string): string =>
    createHmac('sha256', token ?? '')
      .update(`session ${expiry}`)
      .digest('base64url');

  const cookieHolds = (cookie: string): boolean => {
    const [expiry, signature] = cookie.split('.');
    if (!expiry || !signature || !same(signature, sign(expiry))) return false;
    return Number(expiry) > now() / 1000;
  };

  return {
    tokenRequired: token !== null,
    foreignOrigin,
    refuses(headers) {
      if (token === null) return isLoopbackHost(headers.host) ? foreignOrigin(headers) : 'host';
      const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
      if (bearer !== undefined) return same(bearer, token) ? null : 'unauthorised';
      const cookie = readCookie(headers.cookie, SESSION_COOKIE);
      return cookie !== null && cookieHolds(cookie) ? foreignOrigin(headers) : 'unauthorised';
    },
    signIn(offered) {
      if (token === null || !same(offered, token)) return null;
      const expiry = String(Math.floor(now() / 1000) + SESSION_SECONDS);
      return `${expiry}.${sign(expiry)}`;
    },
  };
}

/** Whether an address is reached from this machine only. */
export function isLoopbackAddress(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

function isLoopbackHost(header: string | undefined): boolean {
  return (
    header !== undefined &&
    URL.canParse(`http://${header}`) &&
    isLoopbackAddress(new URL(`http://${header}`).hostname)
  );
}

/** Compares in constant time whatever the lengths, by way of the hashes. */
function same(a: string, b: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}

function readCookie(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return null;
}

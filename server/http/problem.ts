import type { ErrorCode } from '../base/errors.js';
import type { Problem } from '../events/desk.js';

/** An error as RFC 9457 problem details with our stable code. */
export function problem(status: number, code: ErrorCode, title: string, detail: string): Response {
  const body: Problem = { type: `urn:gatehouse:error:${code}`, title, status, detail, code };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });
}

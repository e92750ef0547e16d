import { Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { SESSION_COOKIE, SESSION_SECONDS, type Access } from './access.js';
import { problem } from './problem.js';

const body = z.strictObject({ token: z.string().max(4096) });

/** `POST /api/session {token}` signs a browser in (204, a cookie), `DELETE /api/session` signs it out. */
export function sessionResource(access: Access): Hono {
  const app = new Hono();
  app.post('/', async (context) => {
    const parsed = body.safeParse(await context.req.json().catch(() => null));
    if (!parsed.success) return problem(400, 'HTTP_BAD_REQUEST', 'Bad request', 'Send {"token": "..."}.');
    const cookie = access.signIn(parsed.data.token);
    if (cookie === null)
      return problem(401, 'HTTP_UNAUTHORISED', 'Wrong token', 'That is not the token of this server.');
    setCookie(context, SESSION_COOKIE, cookie, {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      maxAge: SESSION_SECONDS,
      secure: context.req.header('x-forwarded-proto') === 'https',
    });
    return context.body(null, 204);
  });
  app.delete('/', (context) => {
    deleteCookie(context, SESSION_COOKIE, { path: '/' });
    return context.body(null, 204);
  });
  return app;
}

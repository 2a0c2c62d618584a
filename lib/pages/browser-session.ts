/**
 * Sessions of browsers: the token pair of the API in two cookies. The access token tells who is asking without I/O for
 * 15 minutes, then the refresh token is rotated as POST /v1/auth/refresh does, and both cookies are set anew.
 */
import { generateCookie } from 'hono/cookie';
import { parse } from 'hono/utils/cookie';
import type { CallerRule } from '../http/guard.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import { accessTokenLifetime } from '../security/jwt.ts';
import { isProblem, Problem } from '../core/problem.ts';
import { refreshSession } from '../sessions/refresh.ts';
import type { FunctionContext } from '../http/services.ts';
import { createTokenPair, type Session } from '../sessions/session.ts';

/** Seconds that a session lasts at most. */
const sessionLifetime = 90 * 86_400;

type CookieName = 'session' | 'access' | 'asked';

/** Sets the cookies of a session that has just started or was refreshed. */
export async function openBrowserSession(c: FunctionContext<'keys'>, session: Session): Promise<void> {
  const tokens = await createTokenPair(c.env, session);
  const age = Math.floor((Date.now() - session.createdAt.getTime()) / 1000);
  setOwnCookie(c, 'session', tokens.refresh_token, Math.max(0, sessionLifetime - age));
  setOwnCookie(c, 'access', tokens.access_token, accessTokenLifetime);
}

/** Takes the cookies away; the session itself is ended elsewhere. */
export function closeBrowserSession(c: FunctionContext): void {
  setOwnCookie(c, 'session', '', 0);
  setOwnCookie(c, 'access', '', 0);
}

/** The refresh token of this browser, whatever it is worth. */
export function refreshTokenOf(c: FunctionContext): string | undefined {
  return getOwnCookie(c, 'session');
}

/** A person who is signed in with this browser; a page sends anybody else to sign in (`pages/page.ts`). */
export const browserUser: CallerRule<Caller, 'database' | 'keys' | 'outbox'> = {
  name: 'browserUser',
  services: ['database', 'keys', 'outbox'],
  identify: async (c, request) => {
    const known = (await verifyAccess(c)) ?? (await refresh(c, request));
    c.env.requestContext.callerId = known.userId;
    return known;
  },
};

async function verifyAccess(c: FunctionContext<'keys'>): Promise<Caller | undefined> {
  const token = getOwnCookie(c, 'access');
  if (token === undefined) return undefined;
  try {
    const { sub, sid } = await c.env.keys.verify(token);
    return { userId: sub, sessionId: sid };
  } catch (error) {
    if (isProblem(error) && error.slug === 'access-token-invalid') return undefined;
    throw error;
  }
}

async function refresh(
  c: FunctionContext<'database' | 'keys' | 'outbox'>,
  request: GuardedRequest,
): Promise<Caller> {
  const token = refreshTokenOf(c);
  if (token === undefined) throw new Problem('authentication-required');
  const session = await refreshSession(c.env, request, token);
  await openBrowserSession(c, session);
  return { userId: session.userId, sessionId: session.sessionId };
}

/** A cookie of ours, undefined when it is not there or empty. */
export function getOwnCookie(c: FunctionContext, name: CookieName): string | undefined {
  const { fullName } = attributesOf(c, name);
  const value = parse(c.req.header('cookie') ?? '', fullName)[fullName];
  return value === '' ? undefined : value;
}

export function setOwnCookie(c: FunctionContext, name: CookieName, value: string, maxAge: number): void {
  const { fullName, secure } = attributesOf(c, name);
  const cookie = generateCookie(fullName, value, {
    httpOnly: true,
    secure,
    sameSite: 'Lax',
    path: '/',
    maxAge,
  });
  c.header('Set-Cookie', cookie, { append: true });
}

/**
 * `__Host-`: no neighbour on another subdomain can set it (RFC 6265bis, section 4.1.3). Over plain HTTP, which is for
 * development only, not every browser would keep such a cookie.
 */
function attributesOf(c: FunctionContext, name: CookieName) {
  const secure = c.env.settings.publicUrl.startsWith('https:');
  return { fullName: secure ? `__Host-${name}` : name, secure };
}

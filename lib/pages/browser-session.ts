/**
 * Sessions of browsers: the token pair of the API in two cookies. The access token tells who is asking without I/O for
 * 15 minutes, then the refresh token is rotated as POST /v1/auth/refresh does, and both cookies are set anew.
 */
import { authorize } from '../http/authorize.ts';
import { standsOn, toCaller } from '../http/caller.ts';
import type { CallerRule } from '../http/guard.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import { accessTokenLifetime } from '../security/jwt.ts';
import { isProblem, Problem, problems } from '../core/problem.ts';
import { refreshSession } from '../sessions/refresh.ts';
import { type DeviceTokenGrounds, deviceTokenLifetime, renewDeviceToken } from '../http/device-token.ts';
import { getOwnCookie, setOwnCookie } from '../http/own-cookie.ts';
import type { FunctionContext } from '../http/services.ts';
import { signOut } from '../sessions/session-revocation.ts';
import { createTokenPair, type Session, type StartedSession, toClaims } from '../sessions/session.ts';
import { endTokensOfSessions } from '../sessions/token-revocation.ts';

/** Seconds that a session lasts at most. */
const sessionLifetime = 90 * 86_400;

/** Sets the cookies of a session that has just started, after its commit; the one that this browser had before ends by it. */
export async function openBrowserSession(
  c: FunctionContext<'database' | 'keys'>,
  request: GuardedRequest,
  session: StartedSession,
): Promise<void> {
  const former = refreshTokenOf(c);
  if (former !== undefined) await signOut(c.env, request, former);
  await endTokensOfSessions(c.env, { userId: session.userId, revokedIds: session.displacedIds });
  keepDevice(c, session);
  await setSessionCookies(c, session);
}

/** Has this browser counted apart from strangers from now on (`device-token.ts`). */
export function keepDevice(c: FunctionContext, grounds: DeviceTokenGrounds): void {
  const token = renewDeviceToken(getOwnCookie(c, 'device'), grounds, c.env.keyring);
  setOwnCookie(c, 'device', token, deviceTokenLifetime);
}

async function setSessionCookies(c: FunctionContext<'keys'>, session: Session) {
  const tokens = await createTokenPair(c.env, session);
  const age = Math.floor((Date.now() - session.createdAt.getTime()) / 1000);
  setOwnCookie(c, 'session', tokens.refresh_token, Math.max(0, sessionLifetime - age));
  setOwnCookie(c, 'access', tokens.access_token, accessTokenLifetime);
  return tokens;
}

/** Takes the cookies away; the session itself is ended elsewhere. */
export function closeBrowserSession(c: FunctionContext): void {
  setOwnCookie(c, 'session', '', 0);
  setOwnCookie(c, 'access', '', 0);
}

/** Ends the session of this browser, if it has one, and takes the cookies away. */
export async function signBrowserOut(c: FunctionContext<'database'>, request: GuardedRequest): Promise<void> {
  const token = refreshTokenOf(c);
  if (token !== undefined) await signOut(c.env, request, token);
  closeBrowserSession(c);
}

/** The refresh token of this browser, whatever it is worth. */
function refreshTokenOf(c: FunctionContext): string | undefined {
  return getOwnCookie(c, 'session');
}

/** A person who is signed in with this browser; a page sends anybody else to sign in (`page.ts`). */
export const browserUser: CallerRule<Caller, 'database' | 'keys' | 'outbox'> = {
  name: 'browserUser',
  services: ['database', 'keys', 'outbox'],
  identify,
  standsOn,
  renew,
  authorize,
};

async function identify(
  c: FunctionContext<'database' | 'keys' | 'outbox'>,
  request: GuardedRequest<undefined>,
): Promise<Caller> {
  const known = (await verifyAccess(c)) ?? (await renew(c, request));
  c.env.requestContext.callerId = known.userId;
  return known;
}

async function renew(
  c: FunctionContext<'database' | 'keys' | 'outbox'>,
  request: GuardedRequest,
): Promise<Caller> {
  return (await refreshBrowserSession(c, request)).caller;
}

/** The same for a page that anybody may open; undefined for a browser that is signed out. */
export async function identifyBrowser(
  c: FunctionContext<'database' | 'keys' | 'outbox'>,
  request: GuardedRequest<undefined>,
): Promise<Caller | undefined> {
  try {
    return await identify(c, request);
  } catch (error) {
    if (isProblem(error) && problems[error.slug].status === 401) return undefined;
    throw error;
  }
}

/** Whom the access token of this browser names; undefined where it has none that is valid. */
export async function verifyAccess(c: FunctionContext<'keys'>): Promise<Caller | undefined> {
  const token = getOwnCookie(c, 'access');
  if (token === undefined) return undefined;
  try {
    return toCaller(await c.env.keys.verify(token));
  } catch (error) {
    if (isProblem(error) && error.slug === 'access-token-invalid') return undefined;
    throw error;
  }
}

/**
 * The next token pair of this browser's session, which its cookies hold from now on.
 *
 * @throws {Problem} `authentication-required`, `refresh-token-invalid`, `refresh-token-reused`
 */
export async function refreshBrowserSession(
  c: FunctionContext<'database' | 'keys' | 'outbox'>,
  request: GuardedRequest,
) {
  const token = refreshTokenOf(c);
  if (token === undefined) throw new Problem('authentication-required');
  const session = await refreshSession(c.env, request, token);
  return { caller: toCaller(toClaims(session)), tokens: await setSessionCookies(c, session) };
}

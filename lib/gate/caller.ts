/** Whoever may have sent a request to a service behind the gate: a person, a program, a browser, or nobody yet. */
import { apiKey } from '../api-keys/caller.ts';
import { either } from '../api-keys/either.ts';
import { Problem } from '../core/problem.ts';
import { authorize } from '../http/authorize.ts';
import { standsOn, toCaller, user } from '../http/caller.ts';
import type { CallerRule } from '../http/guard.ts';
import type { Caller, KeyCaller } from '../http/guarded-request.ts';
import { isOwnApp } from '../http/own-app.ts';
import { getOwnCookie } from '../http/own-cookie.ts';
import { isSameOrigin } from '../http/same-origin.ts';
import type { FunctionContext } from '../http/services.ts';
import { verifyAccess } from '../pages/browser-session.ts';
import { lookUpSession } from '../sessions/session-look-up.ts';
import { parseDemands } from './demands.ts';

type PersonServices = 'database' | 'keys';
type PersonContext = FunctionContext<PersonServices>;

/** By an access token, or by the cookies of a browser where there is no `Authorization`. */
const person: CallerRule<Caller, PersonServices> = {
  name: 'person',
  services: ['database', 'keys'],
  identify: (c, ...rest) => (isBearer(c) ? user.identify(c, ...rest) : identifyByCookies(c)),
  standsOn,
  renew: async (c) => {
    if (isBearer(c)) throw new Problem('access-token-stale');
    return lookUp(c);
  },
  authorize,
};

async function identifyByCookies(c: PersonContext): Promise<Caller> {
  if (getOwnCookie(c, 'access') === undefined && getOwnCookie(c, 'session') === undefined) {
    throw new Problem('authentication-required');
  }
  assertOwnSite(c);
  const caller = (await verifyAccess(c)) ?? (await lookUp(c));
  c.env.requestContext.callerId = caller.userId;
  return caller;
}

const known = either(person, apiKey);

/** Undefined for a preflight, which has no credential (https://fetch.spec.whatwg.org/#cors-preflight-fetch) and no effect. */
export const gateCaller: CallerRule<Caller | KeyCaller | undefined, PersonServices | 'apiKeys'> = {
  name: 'gate',
  isProgram: true,
  services: known.services,
  identify: (c, ...rest) => {
    // Before anybody is asked who they are: a mistake of the address has to show to a monitor that is nobody, too.
    parseDemands(c.req, c.env.settings);
    return isPreflight(c) ? undefined : known.identify(c, ...rest);
  },
  standsOn: (caller) => caller && known.standsOn?.(caller),
  renew: async (c, request, caller) => caller && known.renew?.(c, request, caller),
  count: (c, caller, refused) => {
    if (caller) known.count?.(c, caller, refused);
  },
  authorize: (caller, demands) => {
    if (caller) known.authorize?.(caller, demands);
  },
};

const isBearer = (c: FunctionContext) => c.req.header('authorization') !== undefined;

/** The session goes on as it is: not every proxy hands the cookies of our answer to the browser. */
async function lookUp(c: PersonContext): Promise<Caller> {
  const token = getOwnCookie(c, 'session');
  if (token === undefined) throw new Problem('authentication-required');
  return toCaller(await lookUpSession(c.env, token));
}

/**
 * Of the request that the proxy holds, as the proxy tells it: each of the three sets this header itself, whatever came in it. Without it
 * nobody knows whether something is to be changed.
 */
const methodOf = (c: FunctionContext) => c.req.header('x-forwarded-method');

/**
 * Reading needs no proof, as for every cookie that is `SameSite=Lax`; but where a browser names another origin, as for WebSockets, a read
 * does, too.
 *
 * @throws {Problem} `cross-site-request`
 */
function assertOwnSite(c: FunctionContext): void {
  const isRead = ['GET', 'HEAD'].includes(methodOf(c) ?? '') && c.req.header('origin') === undefined;
  if (isRead || isSameOrigin(c) || isOwnApp(c)) return;
  const detail = 'The proxy sends no X-Forwarded-Method: even a read by cookies needs proof then';
  throw new Problem('cross-site-request', methodOf(c) === undefined ? { detail } : {});
}

function isPreflight(c: FunctionContext): boolean {
  return (
    methodOf(c) === 'OPTIONS' &&
    c.req.header('access-control-request-method') !== undefined &&
    c.env.settings.corsOrigins.has(c.req.header('origin') ?? '')
  );
}

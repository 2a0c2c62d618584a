/** Who may call an endpoint. */
import { Problem } from '../core/problem.ts';
import type { RevocationCheck } from '../rate-limit/store.ts';
import type { AccessTokenClaims } from '../security/jwt.ts';
import { authorize } from './authorize.ts';
import type { CallerRule } from './guard.ts';
import type { Caller } from './guarded-request.ts';
import type { FunctionContext } from './services.ts';

export const anyone: CallerRule<undefined> = { name: 'anyone', services: [], identify: () => undefined };

/**
 * A person with a valid access token (RFC 6750, section 2.1). Nothing is asked of the database: a session that was
 * revoked, and a role that has changed, are told by the store of the limits; where that is away, its access token expires.
 */
export const user: CallerRule<Caller, 'keys'> = {
  name: 'user',
  services: ['keys'],
  identify: (c) => {
    const header = c.req.header('authorization') ?? '';
    if (!/^bearer /i.test(header)) throw new Problem('authentication-required');
    const token = header.slice('bearer '.length);
    const claims = c.env.keys.recall(token);
    return claims ? introduce(c, claims) : verify(c, token);
  },
  standsOn,
  authorize,
};

async function verify(c: FunctionContext<'keys'>, token: string): Promise<Caller> {
  if (!/^[\w.~+/-]+=*$/.test(token)) throw new Problem('authentication-required');
  // Whoever has a key tries it here, and would look for a fault of the key.
  if (token.startsWith('bbk_'))
    throw new Problem('access-token-invalid', { detail: 'API keys open nothing here' });
  return introduce(c, await c.env.keys.verify(token));
}

function introduce(c: FunctionContext, claims: AccessTokenClaims): Caller {
  c.env.requestContext.callerId = claims.sub;
  return toCaller(claims);
}

export function toCaller({ sub, sid, org, role, amr, auth_time, as_of }: AccessTokenClaims): Caller {
  return {
    kind: 'user',
    userId: sub,
    sessionId: sid,
    organizationId: org,
    role,
    amr,
    authTime: auth_time,
    asOf: as_of,
  };
}

/** What ends an access token before its time (`sessions/token-revocation.ts`). */
export function standsOn({ userId, sessionId, organizationId, asOf }: Caller): RevocationCheck {
  const parts = ['all', `session:${sessionId}`];
  if (organizationId !== undefined) parts.push(`organization:${organizationId}`);
  return { subject: `user:${userId}`, parts, asOf };
}

/** Anybody, and a person who sends an access token as that person: one that is not valid is refused. */
export const anyoneOrUser: CallerRule<Caller | undefined, 'keys'> = {
  name: 'anyoneOrUser',
  services: ['keys'],
  identify: (c, ...rest) =>
    c.req.header('authorization') === undefined ? undefined : user.identify(c, ...rest),
  standsOn: (caller) => caller && standsOn(caller),
};

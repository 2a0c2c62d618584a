/** Who may call an endpoint. */
import { Problem } from '../core/problem.ts';
import type { CallerRule } from './guard.ts';
import type { Caller } from './guarded-request.ts';

export const anyone: CallerRule<undefined> = { name: 'anyone', services: [], identify: () => undefined };

/**
 * A person with a valid access token (RFC 6750, section 2.1). Nothing is asked of the database: a session that was
 * revoked stops here when its access token expires, and at once on routes that read `live_sessions`.
 */
export const user: CallerRule<Caller, 'keys'> = {
  name: 'user',
  services: ['keys'],
  identify: async (c) => {
    const header = c.req.header('authorization');
    const [, token] = header?.match(/^bearer ([\w.~+/-]+=*)$/i) ?? [];
    if (token === undefined) throw new Problem('authentication-required');
    const { sub, sid } = await c.env.keys.verify(token);
    c.env.requestContext.callerId = sub;
    return { userId: sub, sessionId: sid };
  },
};

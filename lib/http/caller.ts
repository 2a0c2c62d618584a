/** Who may call an endpoint. */
import { type Caller, type CallerRule } from './guard.ts';
import { Problem } from '../core/problem.ts';

export const anyone: CallerRule<undefined> = { name: 'anyone', identify: () => undefined };

/**
 * A person with a valid access token (RFC 6750, section 2.1). Nothing is asked of the database: a session that was
 * revoked stops here when its access token expires, and at once on endpoints that read `live_sessions`.
 */
export const user: CallerRule<Caller> = {
  name: 'user',
  identify: async (c) => {
    const header = c.req.header('authorization');
    const [, token] = header?.match(/^bearer ([\w.~+/-]+=*)$/i) ?? [];
    if (token === undefined) {
      throw new Problem('authentication-required', {}, { headers: { 'WWW-Authenticate': 'Bearer' } });
    }
    const { sub, sid } = await c.env.keys.verify(token);
    c.env.requestContext.callerId = sub;
    return { userId: sub, sessionId: sid };
  },
};

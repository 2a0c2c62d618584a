/** Ends every session of the person but this one. */
import { user } from '../../lib/caller.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { endOtherSessions } from '../../lib/session-end.ts';

export default createFunction().delete(
  '/v1/sessions',
  guard({ caller: user, limits: limit(api) }),
  async (c) => {
    await endOtherSessions(c);
    return c.body(null, 204);
  },
);

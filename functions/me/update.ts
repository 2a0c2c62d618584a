/** Changes what a person may change of their account by themselves: the name. `null` takes it away. */
import * as z from 'zod/mini';
import { type AccountRow, toUser } from '../../lib/account.ts';
import { user } from '../../lib/caller.ts';
import { displayName } from '../../lib/fields.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { Problem } from '../../lib/problem.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

const Changes = z.strictObject({ name: z.nullable(displayName) });

export default createFunction().patch(
  '/v1/me',
  guard({ caller: user, limits: limit(api), body: json(Changes) }),
  async (c) => {
    const { userId, sessionId } = c.var.caller;
    const [changed] = await c.env.database.sql<AccountRow>`
      update users set name = ${c.var.input.name}, updated_at = now()
      from live_sessions
      where users.id = ${userId} and live_sessions.id = ${sessionId} and live_sessions.user_id = users.id
      returning users.id, users.email, users.name, users.email_verified_at, users.created_at`;
    if (!changed) throw new Problem('session-ended');
    return c.json({ user: toUser(changed) });
  },
);

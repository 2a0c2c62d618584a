/** Ends every session of the person but this one. */
import { user } from '../../lib/caller.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { Problem } from '../../lib/problem.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { createUuid } from '../../lib/uuid.ts';

export default createFunction().delete(
  '/v1/sessions',
  guard({ caller: user, limits: limit(api) }),
  async (c) => {
    const { userId, sessionId } = c.var.caller;
    const [outcome] = await c.env.database.sql<{ live: boolean }>`
    with live as (
      select id, user_id, organization_id from live_sessions where id = ${sessionId} and user_id = ${userId}
    ), ended as (
      update refresh_tokens set revoked_at = now()
      where user_id = ${userId} and id <> ${sessionId} and revoked_at is null and exists (select from live)
    ), audited as (
      insert into audit_events (id, event, user_id, organization_id, session_id, request_id)
      select ${createUuid()}, 'session.others-revoked', user_id, organization_id, id, ${c.env.exchange.requestId}
      from live
    )
    select exists (select from live) as live`;
    if (!outcome?.live) throw new Problem('session-ended');
    return c.body(null, 204);
  },
);

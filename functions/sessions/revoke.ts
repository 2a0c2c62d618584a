/** Ends one of the person's own sessions, this one too. A session of somebody else is not found. */
import { user } from '../../lib/caller.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { Problem } from '../../lib/problem.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { createUuid, isUuid } from '../../lib/uuid.ts';

export default createFunction().delete(
  '/v1/sessions/:id',
  guard({ caller: user, limits: limit(api) }),
  async (c) => {
    const { userId, sessionId } = c.var.caller;
    const id = c.req.param('id').toLowerCase();
    if (!isUuid(id)) throw new Problem('not-found');
    const [outcome] = await c.env.database.sql<{ live: boolean; ended: boolean }>`
      with live as (
        select from live_sessions where id = ${sessionId} and user_id = ${userId}
      ), ended as (
        update refresh_tokens set revoked_at = now()
        where id = ${id} and user_id = ${userId} and revoked_at is null and exists (select from live)
        returning id, user_id, organization_id
      ), audited as (
        insert into audit_events (id, event, user_id, organization_id, session_id, request_id)
        select ${createUuid()}, 'session.revoked', user_id, organization_id, id, ${c.env.exchange.requestId} from ended
      )
      select exists (select from live) as live, exists (select from ended) as ended`;
    if (!outcome?.live) throw new Problem('session-ended');
    if (!outcome.ended) throw new Problem('not-found');
    return c.body(null, 204);
  },
);

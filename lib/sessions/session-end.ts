/** How sessions end by their owner's wish, from the API and the pages alike. */
import type { Context } from 'hono';
import type { Caller, GuardedEnv } from '../http/guard.ts';
import { Problem } from '../core/problem.ts';
import { hashNonce, verifyText } from '../security/refresh-token.ts';
import type { FunctionContext } from '../http/services.ts';
import { createUuid, isUuid } from '../core/uuid.ts';

/**
 * Ends one of the person's own sessions, this one too.
 *
 * @throws {Problem} `session-ended` when the asking session is over, `not-found` for one that is not theirs
 */
export async function endSession<Input>(c: Context<GuardedEnv<Caller, Input>>, id: string): Promise<void> {
  const { userId, sessionId } = c.var.caller;
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
      select ${createUuid()}, 'session.revoked', user_id, organization_id, id, ${c.env.requestContext.requestId} from ended
    )
    select exists (select from live) as live, exists (select from ended) as ended`;
  if (!outcome?.live) throw new Problem('session-ended');
  if (!outcome.ended) throw new Problem('not-found');
}

/**
 * Ends every session of the person but this one.
 *
 * @throws {Problem} `session-ended`
 */
export async function endOtherSessions<Input>(c: Context<GuardedEnv<Caller, Input>>): Promise<void> {
  const { userId, sessionId } = c.var.caller;
  const [outcome] = await c.env.database.sql<{ live: boolean }>`
    with live as (
      select id, user_id, organization_id from live_sessions where id = ${sessionId} and user_id = ${userId}
    ), ended as (
      update refresh_tokens set revoked_at = now()
      where user_id = ${userId} and id <> ${sessionId} and revoked_at is null and exists (select from live)
    ), audited as (
      insert into audit_events (id, event, user_id, organization_id, session_id, request_id)
      select ${createUuid()}, 'session.others-revoked', user_id, organization_id, id, ${c.env.requestContext.requestId}
      from live
    )
    select exists (select from live) as live`;
  if (!outcome?.live) throw new Problem('session-ended');
}

/** Ends the session of a refresh token, of whichever generation; a text that is none ends nothing. */
export async function signOut(c: FunctionContext, refreshToken: string): Promise<void> {
  const { database, requestContext, tokenSecret } = c.env;
  const token = verifyText(refreshToken, tokenSecret);
  if (!token) return;
  await database.sql`
    with ended as (
      update refresh_tokens set revoked_at = now()
      where id = ${token.sessionId} and nonce_hash = ${hashNonce(token.nonce)} and revoked_at is null
      returning id, user_id, organization_id
    )
    insert into audit_events (id, event, user_id, organization_id, session_id, request_id)
    select ${createUuid()}, 'session.signed-out', user_id, organization_id, id, ${requestContext.requestId} from ended`;
}

/**
 * Sets a new password against the current one, and ends the person's other sessions. An account without a password
 * gets its first one here.
 */
import * as z from 'zod/mini';
import { user } from '../../lib/caller.ts';
import { toDeviceName } from '../../lib/device.ts';
import { newPassword, password } from '../../lib/fields.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { sealLetter } from '../../lib/letters/seal.ts';
import { Problem } from '../../lib/problem.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { account, auth } from '../../lib/rate-limit/policies.ts';
import { reauthenticate } from '../../lib/reauthenticate.ts';
import { createUuid } from '../../lib/uuid.ts';

const Change = z.strictObject({ current_password: z.optional(password), new_password: newPassword });

export default createFunction().post(
  '/v1/auth/password/change',
  guard({ caller: user, limits: limit(auth, account), body: json(Change) }),
  async (c) => {
    const { database, passwords, exchange, outbox, tokenSecret } = c.env;
    const { userId, sessionId } = c.var.caller;
    const oldHash = await reauthenticate(c, c.var.input.current_password);
    const newHash = await passwords.hash(c.var.input.new_password);
    const occasion = { device: toDeviceName(c.req.header('user-agent')), at: new Date().toISOString() };
    const notice = sealLetter('password-changed', occasion, tokenSecret);
    const [changed] = await database.sql<{ id: string }>`
      with changed as (
        update users set password_hash = ${newHash}, updated_at = now()
        where id = ${userId} and password_hash is not distinct from ${oldHash}::text
        returning id, email
      ), ended as (
        update refresh_tokens set revoked_at = now()
        where user_id in (select id from changed) and id <> ${sessionId} and revoked_at is null
      ), noticed as (
        insert into outbox (id, user_id, recipient, letter, sealed)
        select ${notice.id}::uuid, id, email, ${notice.letter}::text, ${notice.sealed}::bytea from changed
      )
      insert into audit_events (id, event, user_id, session_id, request_id)
      select ${createUuid()}, 'password.changed', id, ${sessionId}, ${exchange.requestId} from changed
      returning id`;
    if (!changed) throw new Problem('password-incorrect');
    outbox.wake();
    return c.body(null, 204);
  },
);

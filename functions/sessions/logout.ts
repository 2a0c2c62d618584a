/** Ends the session of a refresh token, of whichever generation. It answers 204 even where there is nothing to end. */
import * as z from 'zod/mini';
import { anyone } from '../../lib/caller.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { hashNonce, verifyText } from '../../lib/refresh-token.ts';
import { createUuid } from '../../lib/uuid.ts';

const Logout = z.strictObject({ refresh_token: z.string().check(z.maxLength(512)) });

export default createFunction().post(
  '/v1/auth/logout',
  guard({ caller: anyone, limits: limit(api), body: json(Logout) }),
  async (c) => {
    const { database, exchange, tokenSecret } = c.env;
    const token = verifyText(c.var.input.refresh_token, tokenSecret);
    if (token) {
      await database.sql`
        with ended as (
          update refresh_tokens set revoked_at = now()
          where id = ${token.sessionId} and nonce_hash = ${hashNonce(token.nonce)} and revoked_at is null
          returning id, user_id, organization_id
        )
        insert into audit_events (id, event, user_id, organization_id, session_id, request_id)
        select ${createUuid()}, 'session.signed-out', user_id, organization_id, id, ${exchange.requestId} from ended`;
    }
    return c.body(null, 204);
  },
);

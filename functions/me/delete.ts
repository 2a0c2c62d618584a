/**
 * Deletes the account, its sessions and whatever belongs to nobody else. It asks for the password again. An
 * organization goes too when nobody else is in it; where others are and no other owner is, the account stays.
 */
import * as z from 'zod/mini';
import { user } from '../../lib/caller.ts';
import type { Sql } from '../../lib/database.ts';
import { password } from '../../lib/fields.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { Problem } from '../../lib/problem.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { account, api } from '../../lib/rate-limit/policies.ts';
import { reauthenticate } from '../../lib/reauthenticate.ts';
import { createUuid } from '../../lib/uuid.ts';

const Confirmation = z.strictObject({ password: z.optional(password) });

export default createFunction().delete(
  '/v1/me',
  guard({ caller: user, limits: limit(api, account), body: json(Confirmation) }),
  async (c) => {
    const passwordHash = await reauthenticate(c, c.var.input.password);
    const { userId } = c.var.caller;
    await c.env.database.transaction(async (sql) => {
      await deleteOwnOrganizations(sql, userId);
      const [deleted] = await sql<{ id: string }>`
        with deleted as (
          delete from users where id = ${userId} and password_hash is not distinct from ${passwordHash}::text returning id
        )
        insert into audit_events (id, event, user_id, request_id)
        select ${createUuid()}, 'account.deleted', id, ${c.env.exchange.requestId} from deleted
        returning id`;
      if (!deleted) throw new Problem('session-ended');
    });
    return c.body(null, 204);
  },
);

/** Of two owners who leave at once, the lock lets the second see that the first is gone. */
async function deleteOwnOrganizations(sql: Sql, userId: string): Promise<void> {
  await sql`
    select from organizations
    where id in (select organization_id from memberships where user_id = ${userId} and role = 'owner')
    order by id for update`;
  const [left] = await sql<{ orphaned: boolean }>`
    with owned as (
      select organization_id,
        count(*) as members,
        count(*) filter (where role = 'owner' and user_id <> ${userId}) as other_owners
      from memberships
      where organization_id in (select organization_id from memberships where user_id = ${userId} and role = 'owner')
      group by organization_id
    ), emptied as (
      delete from organizations where id in (select organization_id from owned where members = 1)
    )
    select exists (select from owned where members > 1 and other_owners = 0) as orphaned`;
  if (left?.orphaned) throw new Problem('organization-has-members');
}

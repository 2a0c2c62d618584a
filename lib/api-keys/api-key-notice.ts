/** Emails about an API key: to whose it is, or to the owners of the organization that it belongs to. */
import { fragment, type Sql } from '../../db/sql.ts';
import { toDevice } from '../core/user-agent.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { encryptEmail } from '../mail/encryption.ts';
import { enqueueEmail } from '../mail/enqueue.ts';
import { startOf } from '../security/api-key.ts';
import type { KeyOfSomebody } from '../sessions/api-key-end.ts';

/** Owners who are told, those who have been in it for longest. */
const mostOwners = 10;

/** In the transaction of what they are told of. */
export async function tellOwners(
  sql: Sql,
  { keyring }: Pick<Services, 'keyring'>,
  { userAgent }: Pick<GuardedRequest, 'userAgent'>,
  template: 'api-key-created' | 'api-key-rotated' | 'api-key-reported',
  { id, organizationId, userId }: KeyOfSomebody,
): Promise<void> {
  const owners = await sql<{ userId: string; email: string; slug: string }>`
    select membership.user_id, users.email, membership.slug
    from live_memberships as membership join users on users.id = membership.user_id
    where membership.organization_id = ${organizationId}
      and case when ${userId}::uuid is null then role = 'owner' else membership.user_id = ${userId}::uuid end
    order by membership.created_at, membership.user_id limit ${mostOwners}::int`;
  const device = toDevice(userAgent);
  const at = new Date().toISOString();
  for (const owner of owners) {
    const parameters = { device, at, keyStart: startOf(id), slug: owner.slug };
    const recipient = fragment`select ${owner.userId}::uuid as user_id, ${owner.email}::text as recipient`;
    await sql`${enqueueEmail(encryptEmail(template, parameters, keyring), recipient)}`;
  }
}

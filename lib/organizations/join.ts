/** Joining an organization by its join link. */
import { fragment, type Sql } from '../../db/sql.ts';
import { Problem } from '../core/problem.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { hashToken } from './invitation.ts';
import { addMember, type Joiner, lockJoiner } from './joining.ts';
import { lockOrganizationWhere } from './organization-lock.ts';
import type { SwitchedSession } from './organization-switch.ts';

interface FoundLink {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly slug: string;
  readonly createdBy: string | null;
  readonly isExpired: boolean;
  readonly isUsedUp: boolean;
  readonly isOfDomain: boolean;
  readonly isMember: boolean;
}

/**
 * Makes the caller, whose address is verified, a member. The session works in the organization from now on. Who is refused uses
 * nothing up.
 *
 * @throws {Problem} `session-ended`, `email-unverified`, `invitation-invalid`, `invitation-expired`, `already-member`,
 * `email-domain-refused`, `invitation-used` where as many have joined as could
 */
export async function joinByLink(
  { database }: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
  token: string,
): Promise<SwitchedSession> {
  return database.transaction(async (sql) => {
    // Of many at once each sees how often it was used before it.
    const tokenHash = hashToken(token);
    await lockOrganizationWhere(
      sql,
      fragment`id = (select organization_id from join_links where token_hash = ${tokenHash})`,
    );
    const joiner = await lockJoiner(sql, request.caller);
    const { userId, sessionId, amr, createdAt, asOf } = joiner;
    const link = await findLink(sql, tokenHash, joiner);
    await sql`update join_links set uses = uses + 1 where id = ${link.id}`;
    const { organizationId, name, slug, createdBy } = link;
    const role = 'member';
    await addMember(sql, request, { organizationId, userId, sessionId, role, invitedBy: createdBy });
    const organization = { id: organizationId, name, slug, role } as const;
    return { sessionId, userId, organizationId, role, amr, createdAt, asOf, organization };
  });
}

async function findLink(sql: Sql, tokenHash: Uint8Array, { userId, email }: Joiner): Promise<FoundLink> {
  const [link] = await sql<FoundLink>`
    select join_links.id, organization_id, name, slug, created_by, expires_at <= clock_timestamp() as is_expired,
      uses >= coalesce(maximum_uses, uses + 1) as is_used_up,
      coalesce(${hostOf(email)}::text = domain, true) as is_of_domain,
      exists (
        select from memberships
        where memberships.organization_id = join_links.organization_id and user_id = ${userId}
      ) as is_member
    from join_links join organizations on organizations.id = organization_id and deleted_at is null
    where token_hash = ${tokenHash} and revoked_at is null`;
  if (!link) throw new Problem('invitation-invalid');
  if (link.isMember) throw new Problem('already-member');
  if (link.isExpired) throw new Problem('invitation-expired');
  if (!link.isOfDomain) throw new Problem('email-domain-refused');
  if (link.isUsedUp) throw new Problem('invitation-used');
  return link;
}

const hostOf = (email: string) => email.slice(email.lastIndexOf('@') + 1);

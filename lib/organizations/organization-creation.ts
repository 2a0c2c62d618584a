/** How somebody who is signed in makes another organization. */
import { fragment, type Sql } from '../../db/sql.ts';
import type { OrganizationRow } from '../accounts/account.ts';
import { lockOwner } from '../accounts/owner-lock.ts';
import { auditAct } from '../core/audit-event.ts';
import { Problem } from '../core/problem.ts';
import { createSlug } from '../core/slug.ts';
import { createUuid } from '../core/uuid.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { ownsMost } from './owned-organizations.ts';

export interface NewOrganization {
  readonly name: string;
  /** Made of the name unless told. */
  readonly slug?: string | undefined;
}

/**
 * Makes an organization whose owner is the caller. The session goes on in the one that it is in.
 *
 * @throws {Problem} `session-ended`, `too-many-organizations`, `slug-taken`
 */
export async function createOrganization(
  { database }: Pick<Services, 'database'>,
  request: GuardedRequest<Caller>,
  { name, slug = createSlug(name) }: NewOrganization,
): Promise<OrganizationRow> {
  const organization = { id: createUuid(), name, slug, role: 'owner' } as const;
  const outcome = await database.transaction(async (sql) => {
    // Of many at once each sees those that were made before it.
    await lockOwner(sql, { userId: request.caller.userId, email: '' });
    return insertOrganization(sql, request, organization);
  });
  if (!outcome) throw new Problem('session-ended');
  if (outcome.isFull) throw new Problem('too-many-organizations');
  if (!outcome.isMade) throw new Problem('slug-taken');
  return organization;
}

async function insertOrganization(
  sql: Sql,
  request: GuardedRequest<Caller>,
  { id, name, slug, role }: OrganizationRow,
) {
  const { userId, sessionId } = request.caller;
  const [outcome] = await sql<{ isFull: boolean; isMade: boolean }>`
    with live as (
      select user_id, ${ownsMost(fragment`live_sessions.user_id`)} as is_full
      from live_sessions where id = ${sessionId} and user_id = ${userId}
    ), made as (
      insert into organizations (id, name, slug)
      select ${id}::uuid, ${name}::text, ${slug}::text from live where not is_full
      on conflict (slug) do nothing
      returning id
    ), membership as (
      insert into memberships (organization_id, user_id, role)
      select id, ${userId}::uuid, ${role} from made
    ), audited as (${auditAct(
      'organization.created',
      request,
      'organization',
      fragment`select ${userId}::uuid as user_id, id as organization_id, id as target_id from made`,
    )}
    )
    select is_full, exists (select from made) as is_made from live`;
  return outcome;
}

/** Who is in an organization, page by page. */
import type { Role } from '../../db/schema.ts';
import { fragment } from '../../db/sql.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import {
  assertPermitted,
  type CallerMembership,
  callerMembership,
  permits,
  toId,
} from './caller-membership.ts';

export interface Member {
  readonly userId: string;
  readonly email: string;
  readonly name: string | null;
  readonly role: Role;
  readonly joinedAt: Date;
}

export interface MemberPage {
  readonly members: readonly Member[];
  /** What `after` is for the next page; null on the last. */
  readonly next: string | null;
}

export interface MemberPosition {
  /** At most so many members. */
  readonly limit: number;
  /** The user id that the page before ended with. */
  readonly after?: string | undefined;
}

interface Row extends CallerMembership {
  readonly userId: string | null;
  readonly email: string | null;
  readonly name: string | null;
  readonly role: Role | null;
  readonly joinedAt: Date | null;
}

/**
 * In the order of their user ids, which never changes: whoever is a member from the first page to the last is on one of them,
 * and on no two.
 *
 * @throws {Problem} `session-ended`, `not-found`
 */
export async function listMembers(
  { database }: Pick<Services, 'database'>,
  { caller }: GuardedRequest<Caller>,
  organizationId: string,
  { limit, after }: MemberPosition,
): Promise<MemberPage> {
  const id = toId(organizationId);
  const rows = await database.sql<Row>`
    with caller as (${callerMembership(caller, id)}
    ), page as (
      select users.id as user_id, email, users.name, memberships.role, memberships.created_at as joined_at
      from memberships join users on users.id = memberships.user_id
      where organization_id = ${id} and memberships.user_id > coalesce(${after ?? null}::uuid, ${beforeAll}::uuid)
        and ${permits(fragment`(select role from caller)`, 'members:read')}
      order by memberships.user_id
      limit ${limit + 1}::int
    )
    select caller.role as caller_role, page.user_id, email, name, page.role, joined_at
    from caller left join page on true
    order by page.user_id`;
  assertPermitted(rows[0], 'members:read');
  const members = rows.slice(0, limit).filter(isMember);
  return { members, next: rows.length > limit ? (members.at(-1)?.userId ?? null) : null };
}

const beforeAll = '00000000-0000-0000-0000-000000000000';

/** Behind the last page there is one row, of nulls. */
const isMember = (row: Row): row is Row & Member => row.userId !== null;

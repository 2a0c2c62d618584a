/** What is known of the join link of an organization: how far it goes, and not the link itself, which was told once. */
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

export interface LiveJoinLink {
  /** Of the addresses that may join by it; null for any. */
  readonly domain: string | null;
  /** Null for no bound. */
  readonly maximumUses: number | null;
  readonly uses: number;
  readonly expiresAt: Date;
}

interface Row extends CallerMembership {
  readonly domain: string | null;
  readonly maximumUses: number | null;
  readonly uses: number | null;
  readonly expiresAt: Date | null;
}

/**
 * The one that people can join by; undefined where there is none.
 *
 * @throws {Problem} `session-ended`, `not-found`, `permission-denied`
 */
export async function readJoinLink(
  { database }: Pick<Services, 'database'>,
  { caller }: GuardedRequest<Caller>,
  organizationId: string,
): Promise<LiveJoinLink | undefined> {
  const id = toId(organizationId);
  const [row] = await database.sql<Row>`
    with caller as (${callerMembership(caller, id)}
    )
    select caller.role as caller_role, domain, maximum_uses, uses, expires_at
    from caller left join join_links on organization_id = ${id} and revoked_at is null and expires_at > now()
      and ${permits(fragment`caller.role`, 'invitations:write')}`;
  assertPermitted(row, 'invitations:write');
  return row && isLive(row) ? row : undefined;
}

/** Where there is none, one row is of nulls. */
const isLive = (row: Row): row is Row & LiveJoinLink => row.expiresAt !== null;

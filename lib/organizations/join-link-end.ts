/** The end of a join link with the right to make one. */
import { fragment, type SqlFragment } from '../../db/sql.ts';
import { auditAct } from '../core/audit-event.ts';
import type { Caller, GuardedRequest } from '../http/guarded-request.ts';

/**
 * Two parts of a `with`: the end of the join link, which whoever loses the right to make one may have kept.
 *
 * @param organization a statement of at most one row with the column organization_id
 */
export function endJoinLink(request: GuardedRequest<Caller>, organization: SqlFragment): SqlFragment {
  return fragment`unlinked as (
      update join_links set revoked_at = now() from (${organization}) as losing
      where join_links.organization_id = losing.organization_id and revoked_at is null
      returning join_links.id, join_links.organization_id
    ), told as (${auditAct(
      'join_link.revoked',
      request,
      'join_link',
      fragment`select ${request.caller.userId}::uuid as user_id, organization_id, id as target_id from unlinked`,
    )}
    )`;
}

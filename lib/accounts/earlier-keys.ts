/** API keys that were made in an account before its owner came. */
import type { Sql } from '../../db/sql.ts';
import type { KeyOfSomebody } from '../sessions/api-key-end.ts';

/**
 * Ends them: while nobody had proven the address, whoever made them may be somebody else, who waited for the owner to come. That is
 * every key there is, since nobody joins an organization or invites to one before that. To be a statement after `lockOwner`.
 */
export function endEarlierKeys(sql: Sql, userId: string): Promise<readonly KeyOfSomebody[]> {
  return sql<KeyOfSomebody>`
    update api_keys set revoked_at = now()
    where (user_id = ${userId} or created_by = ${userId}) and revoked_at is null
    returning id, organization_id, user_id`;
}

/** What keeps two changes of an organization's owners from missing each other. */
import { fragment, type Sql, type SqlFragment } from '../../db/sql.ts';

/**
 * Waits for whoever changes the members of the organization, and lets nobody else begin until the transaction ends. It has to be
 * a statement before the one that checks and writes: that one sees only what was there when it began. Of two owners who
 * demote each other the second would else see the first as an owner still, and nobody would be left. A stranger locks nothing.
 */
export async function lockOrganization(sql: Sql, organizationId: string, userId: string): Promise<void> {
  await lockOrganizationWhere(
    sql,
    fragment`id = ${organizationId} and exists (
      select from memberships where organization_id = ${organizationId} and user_id = ${userId}
    )`,
  );
}

/**
 * The same for somebody who is no member yet.
 *
 * @param which a condition on `organizations`
 */
export async function lockOrganizationWhere(sql: Sql, which: SqlFragment): Promise<void> {
  await sql`select 1 as locked from organizations where ${which} for no key update`;
}

/** What keeps a sign-in that is under way from outliving what ends all sessions. */
import type { Sql } from '../../db/sql.ts';

/**
 * Waits for the sign-ins under way, which share the row (`startSession`), and lets none begin until the transaction ends. It
 * has to be a statement before the one that ends the sessions: that one sees those only that were there when it began.
 */
export async function lockOwner(sql: Sql, email: string): Promise<void> {
  await sql`select 1 as locked from users where email = ${email} for update`;
}

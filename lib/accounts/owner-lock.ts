/** What keeps a sign-in that is under way from outliving what ends all sessions. */
import type { Sql } from '../../db/sql.ts';

/** Of an account: its id where it is known, else its address. */
export interface OwnerReference {
  readonly userId: string | null;
  readonly email: string;
}

/**
 * Waits for the sign-ins under way, which share the row (`startSession`), and lets none begin until the transaction ends. It
 * has to be a statement before the one that ends the sessions: that one sees those only that were there when it began. What
 * merely refers to the account, as an email to it does, is not kept waiting.
 */
export async function lockOwner(sql: Sql, { userId, email }: OwnerReference): Promise<void> {
  await sql`
    select 1 as locked from users
    where id = coalesce(${userId}::uuid, (select id from users where email = ${email}))
    for no key update`;
}

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
 *
 * @returns whether the account is disabled, by then; undefined where there is none
 */
export async function lockOwner(
  sql: Sql,
  { userId, email }: OwnerReference,
): Promise<{ readonly isDisabled: boolean } | undefined> {
  const [owner] = await sql<{ isDisabled: boolean }>`
    select disabled_at is not null as is_disabled from users
    where id = coalesce(${userId}::uuid, (select id from users where email = ${email}))
    for no key update`;
  return owner;
}

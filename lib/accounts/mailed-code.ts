/** Trying a mailed code: five tries for one email, and fifty wrong ones a day for one mailbox, whoever guesses. */
import type { VerificationPurpose } from '../../db/schema.ts';
import { fragment, type Sql } from '../../db/sql.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { Keyring } from '../core/keyring.ts';
import { enqueueEmail } from '../mail/enqueue.ts';
import { createNotification } from '../mail/notification.ts';
import { hashBinding } from './binding.ts';
import type { PresentedVerification } from '../http/presented-verification.ts';
import { type FoundVerification, isPending, toCodeHashes } from './verification.ts';

const maximumTries = 5;

/** After them only links work. */
const wrongCodesPerDay = 50;

/**
 * Lets the guesses at one mailbox wait for each other, known or not, until the transaction ends, and nobody else. The sum of
 * the day is exact by it: it has to be a statement of its own, since one sees what there was when it began.
 *
 * Who waits holds a connection of the pool. They are few and soon done: a guess holds the lock for two short statements, the
 * limit `account` lets a hundred a mailbox and hour come this far, and where it counts the caller, `auth` lets ten an address
 * and quarter of an hour, who could have as many passwords hashed, which takes longer.
 */
export async function lockGuesses(sql: Sql, email: string): Promise<void> {
  await sql`select 1 as locked from pg_advisory_xact_lock(hashtextextended('mailed-code ' || ${email}::text, 0))`;
}

/**
 * The verification of the code, which has still to be used up; undefined for a wrong one, which is counted. Whoever guesses the
 * day's last wrong code has the owner told. Guesses at a verification that nobody was mailed are written down as well, so that
 * the time they take tells nothing, but are no part of the day's sum. A right code leaves the row alone: whoever has locked the
 * owner is then not waited for with a row in hand.
 */
export async function tryCode(
  sql: Sql,
  request: GuardedRequest,
  purpose: VerificationPurpose,
  { email, code, binding }: Extract<PresentedVerification, { code: string }>,
  keyring: Keyring,
): Promise<FoundVerification | undefined> {
  await lockGuesses(sql, email);
  const notification = createNotification('codes-refused', request, keyring);
  const [right] = await sql<FoundVerification>`
    with wrong as (
      select coalesce(sum(code_tries), 0) as codes
      from magic_links where email = ${email} and created_at > now() - interval '1 day' and expires_at > created_at
    ), newest as (
      select id, email, user_id, session_id, redirect_to, code_challenge, state, code_tries, expires_at > created_at as is_mailed,
        ${isPending} and coalesce(
          encode(code_hash, 'hex') = any(${toCodeHashes(purpose, email, code, keyring)}::text[]), false
        ) as is_right
      from magic_links
      where email = ${email} and purpose = ${purpose} and browser_nonce_hash = ${hashBinding(binding)}
        and used_at is null and created_at > now() - interval '10 minutes'
      order by ${isPending} desc, created_at desc, id desc
      limit 1
    ), tried as (
      select * from newest
      where code_tries < ${maximumTries}::int and (select codes from wrong) < ${wrongCodesPerDay}::int
    ), counted as (
      update magic_links set code_tries = code_tries + 1 where id in (select id from tried where not is_right)
    ), notified as (${enqueueEmail(
      notification,
      fragment`
        select users.id as user_id, users.email as recipient from tried join users on users.email = tried.email
        where not is_right and is_mailed and (select codes from wrong) + 1 >= ${wrongCodesPerDay}::int`,
    )}
    )
    select id, email, user_id, session_id, redirect_to, code_challenge, state from tried where is_right`;
  return right;
}

/** Using a mailed verification up: its link, or its code within five tries and fifty wrong ones of the mailbox in a day. */
import type { VerificationPurpose } from '../../db/schema.ts';
import { type Database, fragment, type Sql } from '../../db/sql.ts';
import { equalizeTiming } from '../core/equalize-timing.ts';
import { Problem, type ProblemSlug } from '../core/problem.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import { enqueueEmail } from '../mail/enqueue.ts';
import { createNotification } from '../mail/notification.ts';
import { hashBinding } from './binding.ts';
import type { PresentedVerification } from './presented-verification.ts';
import { hashCode, hashToken } from './verification.ts';

const maximumTries = 5;

/** Wrong codes for one mailbox in a day, whoever guesses; after them only links work. */
const wrongCodesPerDay = 50;

/** A verification that has just been used up. */
export interface ConsumedVerification {
  readonly email: string;
  readonly userId: string | null;
  readonly sessionId: string | null;
  readonly redirectTo: string | null;
}

/**
 * Uses the verification up and does the work that it allows, in one transaction: of many at once one gets through, and if
 * the work fails the verification is as good as before. A wrong code is counted whatever becomes of the request.
 *
 * @throws {Problem} `verification-invalid`, `verification-used` or `verification-expired`
 */
export async function consumeVerification<Result>(
  { database, tokenSecret }: { readonly database: Database; readonly tokenSecret: string },
  request: GuardedRequest,
  purpose: VerificationPurpose,
  shown: PresentedVerification,
  work: (sql: Sql, verification: ConsumedVerification) => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  try {
    const outcome = await database.transaction(async (sql) => {
      const used =
        'token' in shown
          ? await useToken(sql, purpose, shown.token)
          : await useCode(sql, request, purpose, shown, tokenSecret);
      return 'refusal' in used ? used : { result: await work(sql, used) };
    });
    // Thrown only now: inside, it would take the counted try back.
    if ('refusal' in outcome) throw new Problem(outcome.refusal);
    return outcome.result;
  } finally {
    // Whether a code was waiting for that address would show in the time that a wrong one takes.
    if ('code' in shown) await equalizeTiming(startedAt);
  }
}

type Use = ConsumedVerification | { readonly refusal: ProblemSlug };

async function useToken(sql: Sql, purpose: VerificationPurpose, token: string): Promise<Use> {
  const [found] = await sql<ConsumedVerification & { accepted: boolean; expired: boolean }>`
    with used as (
      update magic_links set used_at = now()
      where token_hash = ${hashToken(token)} and purpose = ${purpose} and used_at is null and expires_at > now()
      returning id
    )
    select email, user_id, session_id, redirect_to, exists (select from used) as accepted,
      used_at is null and expires_at <= now() as expired
    from magic_links
    where token_hash = ${hashToken(token)} and purpose = ${purpose}`;
  if (!found) return { refusal: 'verification-invalid' };
  if (found.accepted) return found;
  return { refusal: found.expired ? 'verification-expired' : 'verification-used' };
}

/**
 * Whatever the code, an unused verification is looked at five times and no more; the row's lock keeps count of many at once.
 * Who reaches the day's last wrong code has the owner told, and no more codes are looked at.
 */
async function useCode(
  sql: Sql,
  request: GuardedRequest,
  purpose: VerificationPurpose,
  { email, code, binding }: { email: string; code: string; binding: string },
  secret: string,
): Promise<Use> {
  const notification = createNotification('codes-refused', request, secret);
  const [tried] = await sql<ConsumedVerification & { accepted: boolean }>`
    with wrong as (
      select coalesce(sum(code_tries - case when used_at is not null and code_tries > 0 then 1 else 0 end), 0) as codes
      from magic_links where email = ${email} and created_at > now() - interval '1 day'
    ), tried as (
      update magic_links
      set code_tries = code_tries + 1,
        used_at = case when code_hash = ${hashCode(purpose, email, code, secret)} then now() end
      where id = (
          select id from magic_links
          where email = ${email} and purpose = ${purpose} and browser_nonce_hash = ${hashBinding(binding)}
            and used_at is null and expires_at > now() and created_at > now() - interval '10 minutes'
          order by created_at desc, id desc
          limit 1
        )
        and used_at is null and expires_at > now() and code_tries < ${maximumTries}::int
        and (select codes from wrong) < ${wrongCodesPerDay}::int
      returning email, user_id, session_id, redirect_to, used_at is not null as accepted
    ), notified as (${enqueueEmail(
      notification,
      fragment`
        select users.id as user_id, users.email as recipient from tried join users on users.email = tried.email
        where not accepted and (select codes from wrong) + 1 >= ${wrongCodesPerDay}::int`,
    )}
    )
    select email, user_id, session_id, redirect_to, accepted from tried`;
  return tried?.accepted ? tried : { refusal: 'verification-invalid' };
}

/** Using a mailed verification up, by its link or its code. */
import type { VerificationPurpose } from '../../db/schema.ts';
import type { Database, Sql } from '../../db/sql.ts';
import { equalizeTiming } from '../core/equalize-timing.ts';
import { Problem, type ProblemSlug } from '../core/problem.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import { tryCode } from './mailed-code.ts';
import { lockOwner } from './owner-lock.ts';
import type { PresentedVerification } from '../http/presented-verification.ts';
import { type FoundVerification, hashToken, isPending } from './verification.ts';
import type { Keyring } from '../core/keyring.ts';

/**
 * Uses the verification up and does the work that it allows, in one transaction: of many at once one gets through, and if
 * the work fails the verification is as good as before. The others of the mailbox that were mailed for the same purpose end with
 * it. A wrong code is counted whatever becomes of the request.
 *
 * The owner is locked before any verification, by `work` too: two that end each other's would wait for each other otherwise.
 *
 * @throws {Problem} `verification-invalid`, `verification-used`, `verification-expired`, and `account-disabled` of whoever
 * has proven that the mailbox is theirs
 */
export async function consumeVerification<Result>(
  { database, keyring }: { readonly database: Database; readonly keyring: Keyring },
  request: GuardedRequest,
  purpose: VerificationPurpose,
  shown: PresentedVerification,
  work: (sql: Sql, verification: FoundVerification) => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  try {
    const outcome = await database.transaction(async (sql) => {
      const found =
        'token' in shown
          ? await findByToken(sql, purpose, shown.token)
          : ((await tryCode(sql, request, purpose, shown, keyring)) ?? invalid);
      if ('refusal' in found) return found;
      const owner = await lockOwner(sql, found);
      if (!(await use(sql, purpose, found))) {
        return 'token' in shown ? ({ refusal: 'verification-used' } as const) : invalid;
      }
      if (owner?.isDisabled) throw new Problem('account-disabled');
      return { result: await work(sql, found) };
    });
    // Thrown only now: inside, it would take the counted try back.
    if ('refusal' in outcome) throw new Problem(outcome.refusal);
    return outcome.result;
  } finally {
    // Whether a code was waiting for that address would show in the time that a wrong one takes.
    if ('code' in shown) await equalizeTiming(startedAt);
  }
}

interface Refused {
  readonly refusal: ProblemSlug;
}

const invalid: Refused = { refusal: 'verification-invalid' };

async function findByToken(
  sql: Sql,
  purpose: VerificationPurpose,
  token: string,
): Promise<FoundVerification | Refused> {
  const [found] = await sql<FoundVerification & { pending: boolean; used: boolean }>`
    select id, email, user_id, session_id, redirect_to, code_challenge, state, ${isPending} as pending, used_at is not null as used
    from magic_links
    where token_hash = ${hashToken(token)} and purpose = ${purpose}`;
  if (!found) return invalid;
  if (found.pending) return found;
  return { refusal: found.used ? 'verification-used' : 'verification-expired' };
}

/**
 * Whether it was still there to be used. Rows are locked in one order, for an address without an account has no owner to
 * be locked before.
 */
async function use(
  sql: Sql,
  purpose: VerificationPurpose,
  { id, email, userId }: FoundVerification,
): Promise<boolean> {
  const used = await sql<{ id: string }>`
    with pending as (
      select id from magic_links
      where email = ${email} and purpose = ${purpose} and user_id is not distinct from ${userId}::uuid and ${isPending}
      order by id
      for update
    ), ended as (
      update magic_links
      set used_at = case when id = ${id} then now() end, expires_at = case when id = ${id} then expires_at else now() end
      where id in (select id from pending) and exists (select from pending where id = ${id})
      returning id
    )
    select id from ended where id = ${id}`;
  return used.length > 0;
}

/** Verifying the address of an account that was registered by password, from the API and from the pages alike. */
import { fragment, type Sql } from '../../db/sql.ts';
import { auditEvent } from '../core/audit-event.ts';
import { equalizeTiming } from '../core/equalize-timing.ts';
import { firstMembership } from './first-membership.ts';
import { revokeSessionsOf } from '../sessions/revoke-sessions.ts';
import { endVerifications } from '../sessions/pending-verifications.ts';
import { hashBinding } from './binding.ts';
import type { AuthorizationRequest } from '../http/authorization-request.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { isProblem, Problem } from '../core/problem.ts';
import { toLimitHeaders } from '../rate-limit/headers.ts';
import { account } from '../rate-limit/policies.ts';
import type { Check } from '../rate-limit/store.ts';
import type { PresentedVerification } from '../http/presented-verification.ts';
import { consumeVerification } from './consumed-verification.ts';
import { endEarlierKeys } from './earlier-keys.ts';
import { auditRefusedSignIn } from './refused-sign-in.ts';
import { readMailbox } from './verification.ts';
import type { Grant, ProvenOwner } from './grant.ts';
import { requestVerification } from './request-verification.ts';
import { endTokensOfSessions, type RevokedSessions } from '../sessions/token-revocation.ts';

/** Mails the email anew to an account whose address is not verified; the same work for everybody else. */
export async function mailVerification(
  services: Pick<Services, 'database' | 'outbox' | 'keyring'>,
  request: GuardedRequest<unknown, 'mailbox'>,
  client: { readonly email: string; readonly binding: string } & AuthorizationRequest,
): Promise<void> {
  await requestVerification(
    services,
    request,
    { ...client, purpose: 'email-verification' },
    { audience: 'unverified accounts', templates: { known: 'email-verification' } },
  );
}

export interface VerifiedEmail<Given> {
  readonly granted: Given;
  /** Whether the account still has the password that it was registered with. */
  readonly keptPassword: boolean;
}

/**
 * Uses the link or code up, marks the address as verified and grants what a sign-in does: whoever reads the mailbox could sign in
 * by a mailed link as well. Who registered the address may be somebody else, who waits for its owner to confirm it: only
 * the client that registered it, or who knows the password, confirms it with that password. For anybody else the password,
 * the sessions that were started with it and the API keys end here, as they do at a sign-in by link.
 *
 * A password that is given matters only once the link or code has proven the mailbox: else anybody could try passwords here.
 *
 * @throws {Problem} `verification-invalid`, `verification-used`, `verification-expired`, `account-disabled`; `password-incorrect` for
 * a password that is not the account's, which leaves link and code as good as they were; `quota-exceeded`
 */
export async function verifyEmail<Given>(
  services: Pick<Services, 'database' | 'passwords' | 'rateLimits' | 'outbox' | 'keyring'>,
  request: GuardedRequest<unknown, 'account'>,
  {
    presented,
    password,
  }: { readonly presented: PresentedVerification; readonly password?: string | undefined },
  grant: Grant<Given>,
): Promise<VerifiedEmail<Given>> {
  const { database, outbox } = services;
  const checked =
    password === undefined ? undefined : await checkPassword(services, request, presented, password);
  const bindingHash = presented.binding === undefined ? null : hashBinding(presented.binding);
  const verifying = consumeVerification(
    services,
    request,
    'email-verification',
    presented,
    async (sql, verification) => {
      const { email } = verification;
      if (checked?.hash === null) throw new Problem('password-incorrect');
      const account = await markVerified(sql, request, {
        email,
        bindingHash,
        provenHash: checked?.hash ?? null,
      });
      const revokedKeys = account.isTheirs ? [] : await endEarlierKeys(sql, account.userId);
      return { granted: await grant(sql, account, verification), ended: { ...account, revokedKeys } };
    },
  );
  const verified = await verifying.catch(async (error: unknown) => {
    const isRefused = checked && isProblem(error) && error.slug === 'password-incorrect';
    if (isRefused) await auditRefusedSignIn(database.sql, request, checked.email);
    throw error;
  });
  await endTokensOfSessions(services, verified.ended);
  outbox.wake();
  return { granted: verified.granted, keptPassword: verified.ended.keptPassword };
}

interface VerifiedAccount extends ProvenOwner, RevokedSessions {
  readonly keptPassword: boolean;
  /** Whether whoever confirms it has registered it. */
  readonly isTheirs: boolean;
}

/** What shows that whoever confirms the address is who registered it. */
interface Ownership {
  readonly email: string;
  readonly bindingHash: Uint8Array | null;
  /** The hash that the right password was verified against, for the change to insist on. */
  readonly provenHash: string | null;
}

async function markVerified(
  sql: Sql,
  request: GuardedRequest,
  { email, bindingHash, provenHash }: Ownership,
): Promise<VerifiedAccount> {
  const [account] = await sql<VerifiedAccount>`
    with known as (
      select id, registration_nonce_hash = ${bindingHash}::bytea or password_hash = ${provenHash}::text as is_theirs
      from users where email = ${email} and email_verified_at is null
    ), verified as (
      update users
      set email_verified_at = now(), updated_at = now(),
        password_hash = case when known.is_theirs then password_hash end,
        device_tokens_since = case when known.is_theirs then device_tokens_since else clock_timestamp() end
      from known where users.id = known.id
      returning users.id, users.email, users.password_hash, known.is_theirs
    ), revoked as (${revokeSessionsOf(fragment`select id from known where is_theirs is not true`)}
    ), outdated as (${endVerifications(fragment`select id as user_id, email from verified`)}
    ), audited as (${auditEvent(
      'email.verified',
      request,
      fragment`select id as user_id, null::uuid as organization_id, null::uuid as session_id from verified`,
    )}
    )
    select users.id as user_id, password_hash is not null as kept_password,
      coalesce(is_theirs, false) as is_theirs, organization_id, role,
      now() as as_of, array(select id from revoked) as revoked_ids
    from verified as users ${firstMembership}`;
  if (!account) throw new Problem('verification-invalid');
  return account;
}

interface CheckedPassword {
  readonly email: string;
  /** What it was verified against; null where it is not the account's. */
  readonly hash: string | null;
}

/**
 * Whether it is the account's password, before the transaction, whose connection must not wait for it. The same work for
 * everybody who presents a code, right or wrong.
 */
async function checkPassword(
  { database, passwords, rateLimits }: Pick<Services, 'database' | 'passwords' | 'rateLimits'>,
  { limits }: GuardedRequest<unknown, 'account'>,
  presented: PresentedVerification,
  password: string,
): Promise<CheckedPassword> {
  const startedAt = performance.now();
  const email = await readMailbox(database.sql, 'email-verification', presented);
  const charge = 'token' in presented ? await chargeReader(rateLimits, email) : undefined;
  const [known] = await database.sql<{ passwordHash: string | null; deviceTokensSince: Date }>`
    select password_hash, device_tokens_since from users where email = ${email}`;
  await limits.account.checkDevice(async () => known?.deviceTokensSince);
  const passwordHash = known?.passwordHash ?? null;
  const isRight = await passwords.verify(password, passwordHash);
  if (charge && isRight) await rateLimits.refund(charge);
  if ('code' in presented) await equalizeTiming(startedAt);
  return { email, hash: isRight ? passwordHash : null };
}

/**
 * A request with a link names no address, so the guard has not counted it by one. Who has the link is counted apart from all
 * others, who could else keep them from trying.
 *
 * @throws {Problem} `quota-exceeded`
 */
async function chargeReader(rateLimits: Services['rateLimits'], email: string): Promise<Check> {
  const check = { policy: account, key: `reader:${email}`, id: crypto.randomUUID() };
  const { refusal } = toLimitHeaders([account], await rateLimits.take([check]));
  if (refusal) throw refusal;
  return check;
}

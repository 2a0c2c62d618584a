/** Verifying the address of an account that was registered by password, from the API and from the pages alike. */
import { fragment } from '../../db/sql.ts';
import { lockOwner } from './owner-lock.ts';
import { auditEvent } from '../core/audit-event.ts';
import { type FirstMembership, firstMembership } from './first-membership.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { endVerifications } from '../sessions/pending-verifications.ts';
import { hashBinding } from './binding.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { Problem } from '../core/problem.ts';
import type { PresentedVerification } from './presented-verification.ts';
import { consumeVerification } from './consumed-verification.ts';
import { peekVerification } from './verification.ts';
import { type StartedSession, startSession } from '../sessions/session.ts';
import { requestVerification } from './verification-request.ts';

/** Mails the email anew to an account whose address is not verified; the same work for everybody else. */
export async function mailVerification(
  services: Pick<Services, 'database' | 'outbox' | 'tokenSecret'>,
  request: GuardedRequest<unknown, 'mailbox'>,
  { email, binding }: { readonly email: string; readonly binding: string },
): Promise<void> {
  await requestVerification(
    services,
    request,
    { purpose: 'email-verification', email, binding },
    { audience: 'unverified accounts', templates: { known: 'email-verification' } },
  );
}

export interface VerifiedEmail {
  readonly session: StartedSession;
  /** Whether the account still has the password that it was registered with. */
  readonly keptPassword: boolean;
}

/**
 * Uses the link or code up, marks the address as verified and starts a session: whoever reads the mailbox could sign in
 * by a mailed link as well. Who registered the address may be somebody else, who waits for its owner to confirm it: only
 * the client that registered it, or who knows the password, confirms it with that password. For anybody else the password
 * and the sessions that were started with it end here, as they do at a sign-in by link.
 *
 * @throws {Problem} `verification-invalid`, `verification-used`, `verification-expired`; `password-incorrect` for a password
 * that is given and is not the account's
 */
export async function verifyEmail(
  services: Pick<Services, 'database' | 'passwords' | 'outbox' | 'tokenSecret'>,
  request: GuardedRequest<unknown, 'account'>,
  {
    presented,
    password,
  }: { readonly presented: PresentedVerification; readonly password?: string | undefined },
): Promise<VerifiedEmail> {
  const provenHash =
    password === undefined ? null : await provePassword(services, request, presented, password);
  const bindingHash = presented.binding === undefined ? null : hashBinding(presented.binding);
  const verified = await consumeVerification(
    services,
    request,
    'email-verification',
    presented,
    async (sql, { email }) => {
      await lockOwner(sql, email);
      const [account] = await sql<VerifiedAccount>`
        with known as (
          select id, registration_nonce_hash = ${bindingHash}::bytea or password_hash = ${provenHash}::text as is_theirs
          from users where email = ${email} and email_verified_at is null
          for update
        ), verified as (
          update users
          set email_verified_at = now(), updated_at = now(),
            password_hash = case when known.is_theirs then password_hash end
          from known where users.id = known.id
          returning users.id, users.email, users.password_hash
        ), ended as (${endSessions(fragment`select id from known where is_theirs is not true`)}
        ), outdated as (${endVerifications(fragment`select id as user_id, email from verified`)}
        ), audited as (${auditEvent(
          'email.verified',
          request,
          fragment`select id as user_id, null::uuid as organization_id, null::uuid as session_id from verified`,
        )}
        )
        select users.id as user_id, password_hash is not null as kept_password, organization_id, role
        from verified as users ${firstMembership}`;
      if (!account) throw new Problem('verification-invalid');
      const { keptPassword, ...owner } = account;
      const start = { ...owner, amr: ['otp'], passwordHash: null };
      const session = await startSession(sql, services, request, start);
      if (!session) throw new Problem('verification-invalid');
      return { session, keptPassword };
    },
  );
  services.outbox.wake();
  return verified;
}

type VerifiedAccount = { readonly userId: string; readonly keptPassword: boolean } & FirstMembership;

/** The hash that the password was verified against, for the change to insist on. Counted as at a sign-in. */
async function provePassword(
  { database, passwords }: Pick<Services, 'database' | 'passwords'>,
  { limits }: GuardedRequest<unknown, 'account'>,
  presented: PresentedVerification,
  password: string,
): Promise<string> {
  const { email } =
    'token' in presented
      ? await peekVerification(database.sql, 'email-verification', presented.token)
      : presented;
  const [known] = await database.sql<{ passwordHash: string | null }>`
    select password_hash from users where email = ${email}`;
  const passwordHash = known?.passwordHash ?? null;
  if (!(await passwords.verify(password, passwordHash)) || passwordHash === null) {
    throw new Problem('password-incorrect');
  }
  await limits.account.refund();
  return passwordHash;
}

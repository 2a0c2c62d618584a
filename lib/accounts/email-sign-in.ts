/** Signing in by a mailed link or code, from the API and from the pages alike. */
import type { Context } from 'hono';
import type { Role } from '../../db/schema.ts';
import { clientAddressOf } from '../http/client-address.ts';
import type { Sql } from '../../db/sql.ts';
import { equalizeTiming } from '../core/equalize-timing.ts';
import type { GuardedEnv } from '../http/guard.ts';
import { insertAccount } from './new-account.ts';
import { Problem } from '../core/problem.ts';
import {
  createVerification,
  enqueueVerification,
  type PresentedVerification,
  consumeVerification,
} from './verification.ts';
import { mailbox } from '../rate-limit/policies.ts';
import { type Session, startSession } from '../sessions/session.ts';

export interface SignInRequest {
  readonly email: string;
  /** Of an allowed origin (`redirect.ts`). */
  readonly redirectTo?: string | undefined;
  readonly browserNonceHash?: Uint8Array;
}

/** Mails a link to whoever may sign in by it; the same work and the same answer for everybody else. */
export async function mailSignInLink<Known, Input>(
  c: Context<GuardedEnv<Known, Input>>,
  request: SignInRequest,
): Promise<void> {
  const { database, settings, outbox, tokenSecret } = c.env;
  const startedAt = performance.now();
  const userAgent = c.req.header('user-agent');
  const verification = createVerification({ ...request, purpose: 'sign-in', userAgent }, tokenSecret);
  if (!c.var.isExceeded(mailbox)) {
    const audience = settings.signUpOpen ? 'anyone' : 'accounts';
    await enqueueVerification(database.sql, verification, audience, { known: 'sign-in', unknown: 'sign-up' });
  }
  outbox.wake();
  await equalizeTiming(startedAt);
}

/**
 * Uses the link or code up and starts a session: in the account of the proven address, or in a new one where sign-up is
 * open.
 *
 * @throws {Problem} `verification-invalid`, `verification-used`, `verification-expired`, `sign-up-closed`
 */
export async function signInByEmail<Known, Input>(
  c: Context<GuardedEnv<Known, Input>>,
  presented: PresentedVerification,
): Promise<{ readonly session: Session; readonly redirectTo: string | null }> {
  const { settings, requestContext, outbox, tokenSecret } = c.env;
  const signedIn = await consumeVerification(
    c.env,
    'sign-in',
    presented,
    async (sql, { email, redirectTo }) => {
      const account =
        (await claimAccount(sql, email)) ??
        (settings.signUpOpen ? await openAccount(sql, email, requestContext.requestId) : undefined);
      if (!account) throw new Problem('sign-up-closed');
      const session = await startSession(
        sql,
        {
          ...account,
          amr: ['otp'],
          passwordHash: null,
          userAgent: c.req.header('user-agent'),
          address: clientAddressOf(c),
          requestId: requestContext.requestId,
        },
        tokenSecret,
      );
      if (!session) throw new Problem('verification-invalid');
      return { session, redirectTo };
    },
  );
  outbox.wake();
  return signedIn;
}

interface ClaimedAccount {
  readonly userId: string;
  readonly organizationId: string | null;
  readonly role: Role | null;
}

/**
 * The account of an address that has just been proven. Was it never proven before, then whoever set its password and
 * started its sessions may be somebody else, who waited for the owner to come: both end here.
 */
async function claimAccount(sql: Sql, email: string): Promise<ClaimedAccount | undefined> {
  const [account] = await sql<ClaimedAccount>`
    with claimed as (
      update users set email_verified_at = now(), password_hash = null, updated_at = now()
      where email = ${email} and email_verified_at is null
      returning id
    ), ended as (
      update refresh_tokens set revoked_at = now()
      where user_id in (select id from claimed) and revoked_at is null
    )
    select users.id as user_id, organization_id, role
    from users left join memberships on memberships.user_id = users.id
    where email = ${email}
    order by memberships.created_at, organization_id
    limit 1`;
  return account;
}

/** Of two that open the same account at once, the second finds it made. */
async function openAccount(sql: Sql, email: string, requestId: string): Promise<ClaimedAccount | undefined> {
  const made = await insertAccount(sql, {
    email,
    name: null,
    organizationName: undefined,
    passwordHash: null,
    verified: true,
    requestId,
  });
  if (!made) return claimAccount(sql, email);
  return { userId: made.user.id, organizationId: made.organization.id, role: made.organization.role };
}

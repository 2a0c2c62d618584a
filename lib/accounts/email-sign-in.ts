/** Signing in by a mailed link or code, from the API and from the pages alike. */
import type { Sql } from '../../db/sql.ts';
import type { AuthorizationRequest } from '../http/authorization-request.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { claimAccount, type ClaimedAccount } from './claimed-account.ts';
import { insertAccount } from './new-account.ts';
import { Problem } from '../core/problem.ts';
import type { PresentedVerification } from '../http/presented-verification.ts';
import { consumeVerification } from './consumed-verification.ts';
import type { Grant } from './grant.ts';
import { requestVerification } from './request-verification.ts';
import { endTokensOfSessions } from '../sessions/token-revocation.ts';

export interface SignInLink extends AuthorizationRequest {
  readonly email: string;
  readonly binding: string;
}

/** Mails a link to whoever may sign in by it; the same work and the same answer for everybody else. */
export async function mailSignInLink(
  services: Pick<Services, 'database' | 'outbox' | 'settings' | 'keyring'>,
  request: GuardedRequest<unknown, 'mailbox'>,
  link: SignInLink,
): Promise<void> {
  await requestVerification(
    services,
    request,
    { ...link, purpose: 'sign-in' },
    {
      audience: services.settings.signUpOpen ? 'anyone' : 'accounts',
      templates: { known: 'sign-in', unknown: 'sign-up' },
    },
  );
}

/**
 * Uses the link or code up and grants what it is for: to the account of the proven address, or to a new one where sign-up is
 * open.
 *
 * @throws {Problem} `verification-invalid`, `verification-used`, `verification-expired`, `account-disabled`,
 * `sign-up-closed`
 */
export async function signInByEmail<Given>(
  services: Pick<Services, 'database' | 'outbox' | 'rateLimits' | 'settings' | 'keyring'>,
  request: GuardedRequest,
  presented: PresentedVerification,
  grant: Grant<Given>,
): Promise<{ readonly granted: Given; readonly redirectTo: string | null }> {
  const { signUpOpen } = services.settings;
  const signedIn = await consumeVerification(
    services,
    request,
    'sign-in',
    presented,
    async (sql, verification) => {
      const { email, redirectTo } = verification;
      const account =
        (await claimAccount(sql, email, request)) ??
        (signUpOpen ? await openAccount(sql, email, request) : undefined);
      if (!account) throw new Problem('sign-up-closed');
      return { granted: await grant(sql, account, verification), redirectTo, ended: account };
    },
  );
  await endTokensOfSessions(services, signedIn.ended);
  services.outbox.wake();
  return signedIn;
}

/** Of two that open the same account at once, the second finds it made. */
async function openAccount(
  sql: Sql,
  email: string,
  request: GuardedRequest,
): Promise<ClaimedAccount | undefined> {
  const made = await insertAccount(sql, request, {
    email,
    name: null,
    organizationName: undefined,
    passwordHash: null,
    verified: true,
    registrationHash: null,
  });
  if (!made) return claimAccount(sql, email, request);
  const { user, organization } = made;
  return {
    userId: user.id,
    organizationId: organization.id,
    role: organization.role,
    asOf: user.createdAt,
    revokedIds: [],
  };
}

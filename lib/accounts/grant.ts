/** What whoever has used a mailed link or code up is given for it: by the API a session. */
import type { Sql } from '../../db/sql.ts';
import { Problem } from '../core/problem.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { PresentedVerification } from '../http/presented-verification.ts';
import type { Services } from '../http/services.ts';
import { type StartedSession, startSession } from '../sessions/session.ts';
import type { FirstMembership } from './first-membership.ts';
import type { FoundVerification } from './verification.ts';

/** Whose mailbox was proven, and the organization that a session of theirs starts in. */
export type ProvenOwner = { readonly userId: string } & FirstMembership;

/** Runs in the transaction that uses the verification up: what it throws leaves link and code as good as they were. */
export type Grant<Given, Owner = ProvenOwner> = (
  sql: Sql,
  owner: Owner,
  verification: FoundVerification,
) => Promise<Given>;

/** @throws {Problem} `verification-invalid` as `assertNotOfApp` does, or where the account has gone */
export function grantSession(
  services: Pick<Services, 'keyring'>,
  request: GuardedRequest,
  presented: PresentedVerification,
): Grant<StartedSession> {
  return async (sql, owner, verification) => {
    assertNotOfApp(presented, verification);
    const session = await startProvenSession(sql, services, request, owner);
    if (!session) throw new Problem('verification-invalid');
    return session;
  };
}

/**
 * The link of an email that an app asked for is for our page alone, which hands the app a code that only it can exchange: else
 * whoever has got hold of the email would need no verifier. The code of six digits is bound to the app by itself.
 *
 * @throws {Problem} `verification-invalid`
 */
export function assertNotOfApp(presented: PresentedVerification, { codeChallenge }: FoundVerification): void {
  if ('token' in presented && codeChallenge !== null) throw new Problem('verification-invalid');
}

/** The session of a person who has just proven their mailbox; undefined where the account has gone. */
export function startProvenSession(
  sql: Sql,
  services: Pick<Services, 'keyring'>,
  request: GuardedRequest,
  owner: ProvenOwner,
): Promise<StartedSession | undefined> {
  const { userId, organizationId, role, asOf } = owner;
  const start = { userId, organizationId, role, asOf, amr: ['otp'], passwordHash: null };
  return startSession(sql, services, request, start);
}

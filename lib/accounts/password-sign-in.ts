/** Signing in by password, from the API and from the page alike. */
import type { Sql } from '../../db/sql.ts';
import { type FirstMembership, firstMembership } from './first-membership.ts';
import { equalizeTiming } from '../core/equalize-timing.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { Problem } from '../core/problem.ts';
import { auditRefusedSignIn } from './refused-sign-in.ts';
import { type StartedSession, startSession } from '../sessions/session.ts';

/**
 * An address without an account, an account without a password and a wrong password get one answer after one amount of
 * work. A right password gives back what the request took of the `account` limit.
 *
 * @throws {Problem} `invalid-credentials`; `account-disabled` and `email-unverified` where the password is right;
 * `quota-exceeded` for an outdated device token where strangers have used up the account's failures
 */
export async function signInByPassword(
  services: Pick<Services, 'database' | 'passwords' | 'outbox' | 'settings' | 'keyring'>,
  request: GuardedRequest<unknown, 'account'>,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<StartedSession> {
  const { database, passwords, settings } = services;
  const startedAt = performance.now();
  const known = await findAccount(database.sql, email);
  await request.limits.account.checkDevice(async () => known?.deviceTokensSince);
  if (!(await passwords.verify(password, known?.passwordHash ?? null)) || !known?.passwordHash) {
    await auditRefusedSignIn(database.sql, request, email);
    await equalizeTiming(startedAt);
    throw new Problem('invalid-credentials');
  }
  request.limits.account.refund();
  if (known.isDisabled) throw new Problem('account-disabled');
  if (settings.requireEmailVerification && known.emailVerifiedAt === null)
    throw new Problem('email-unverified');
  const passwordHash = passwords.isOutdated(known.passwordHash)
    ? await rehash(database.sql, known.userId, known.passwordHash, await passwords.hash(password))
    : known.passwordHash;
  const start = { ...known, amr: ['pwd'], passwordHash };
  const session = await startSession(database.sql, services, request, start);
  if (!session) throw new Problem('invalid-credentials');
  // Who looks for an email that nobody wrote asks the database three times more than all of the sign-in.
  if (session.wroteEmail) services.outbox.wake();
  return session;
}

interface KnownAccount extends FirstMembership {
  readonly userId: string;
  readonly passwordHash: string | null;
  readonly emailVerifiedAt: Date | null;
  readonly deviceTokensSince: Date;
  readonly isDisabled: boolean;
}

async function findAccount(sql: Sql, email: string): Promise<KnownAccount | undefined> {
  const [known] = await sql<KnownAccount>`
    select users.id as user_id, password_hash, email_verified_at, device_tokens_since,
      disabled_at is not null as is_disabled, organization_id, role, now() as as_of
    from users ${firstMembership}
    where email = ${email}`;
  return known;
}

/** Only this once per account and change of costs, so it may take a statement of its own. */
async function rehash(sql: Sql, userId: string, old: string, renewed: string): Promise<string> {
  const [changed] = await sql<{ id: string }>`
    update users set password_hash = ${renewed} where id = ${userId} and password_hash = ${old} returning id`;
  return changed ? renewed : old;
}

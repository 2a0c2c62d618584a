/** Signing in by password, from the API and from the page alike. */
import type { Context } from 'hono';
import type { Role } from '../../db/schema.ts';
import { clientAddressOf } from '../http/client-address.ts';
import type { Sql } from '../../db/sql.ts';
import { equalizeTiming } from '../core/equalize-timing.ts';
import type { GuardedEnv } from '../http/guard.ts';
import { Problem } from '../core/problem.ts';
import { account } from '../rate-limit/policies.ts';
import { type Session, startSession } from '../sessions/session.ts';

/**
 * An address without an account, an account without a password and a wrong password get one answer after one amount of
 * work. A right password gives back what the request took of the `account` limit.
 *
 * @throws {Problem} `invalid-credentials`, `email-unverified`
 */
export async function signInByPassword<Known, Input>(
  c: Context<GuardedEnv<Known, Input>>,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<Session> {
  const { database, passwords, settings, requestContext, outbox, tokenSecret } = c.env;
  const startedAt = performance.now();
  const known = await findAccount(database.sql, email);
  if (!(await passwords.verify(password, known?.passwordHash ?? null)) || !known?.passwordHash) {
    await equalizeTiming(startedAt);
    throw new Problem('invalid-credentials');
  }
  await c.var.refund(account);
  if (settings.requireEmailVerification && known.emailVerifiedAt === null)
    throw new Problem('email-unverified');
  const passwordHash = passwords.isOutdated(known.passwordHash)
    ? await rehash(database.sql, known.userId, known.passwordHash, await passwords.hash(password))
    : known.passwordHash;
  const session = await startSession(
    database.sql,
    {
      userId: known.userId,
      organizationId: known.organizationId,
      role: known.role,
      amr: ['pwd'],
      passwordHash,
      userAgent: c.req.header('user-agent'),
      address: clientAddressOf(c),
      requestId: requestContext.requestId,
    },
    tokenSecret,
  );
  if (!session) throw new Problem('invalid-credentials');
  outbox.wake();
  return session;
}

interface KnownAccount {
  readonly userId: string;
  readonly passwordHash: string | null;
  readonly emailVerifiedAt: Date | null;
  readonly organizationId: string | null;
  readonly role: Role | null;
}

/** The account, and the organization that its sessions start in: the one it has been in for longest. */
async function findAccount(sql: Sql, email: string): Promise<KnownAccount | undefined> {
  const [known] = await sql<KnownAccount>`
    select users.id as user_id, password_hash, email_verified_at, organization_id, role
    from users left join memberships on memberships.user_id = users.id
    where email = ${email}
    order by memberships.created_at, organization_id
    limit 1`;
  return known;
}

/** Only this once per account and change of costs, so it may take a statement of its own. */
async function rehash(sql: Sql, userId: string, old: string, renewed: string): Promise<string> {
  const [changed] = await sql<{ id: string }>`
    update users set password_hash = ${renewed} where id = ${userId} and password_hash = ${old} returning id`;
  return changed ? renewed : old;
}

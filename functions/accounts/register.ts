/**
 * Makes a person and their first organization. Where addresses must be verified the answer is 202 whether or not the
 * address has an account; where they need not be, a taken address has to be told: 409.
 */
import * as z from 'zod/mini';
import { toOrganization, toUser } from '../../lib/account.ts';
import { anyone } from '../../lib/caller.ts';
import { clientAddressOf } from '../../lib/client-address.ts';
import type { Sql } from '../../lib/database.ts';
import { evenOut } from '../../lib/even-out.ts';
import { displayName, email, newPassword } from '../../lib/fields.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { Problem } from '../../lib/problem.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { auth } from '../../lib/rate-limit/policies.ts';
import { createTokenPair, startSession } from '../../lib/session.ts';
import { createUuid } from '../../lib/uuid.ts';

const Registration = z.strictObject({
  email,
  password: newPassword,
  name: z.optional(displayName),
  organization_name: z.optional(displayName),
});

export default createFunction().post(
  '/v1/auth/register',
  guard({ caller: anyone, limits: limit(auth), body: json(Registration) }),
  async (c) => {
    const { database, passwords, settings, exchange } = c.env;
    const registration = c.var.input;
    const startedAt = performance.now();
    const passwordHash = await passwords.hash(registration.password);
    if (settings.requireEmailVerification) {
      await database.transaction((sql) => insertAccount(sql, registration, passwordHash, exchange.requestId));
      await evenOut(startedAt);
      return c.json({ status: 'verification-pending' }, 202);
    }
    const { account, session } = await database.transaction(async (sql) => {
      const account = await insertAccount(sql, registration, passwordHash, exchange.requestId);
      if (!account) throw new Problem('email-taken');
      const session = await startSession(sql, {
        userId: account.user.id,
        organizationId: account.organization.id,
        role: account.organization.role,
        amr: ['pwd'],
        passwordHash,
        userAgent: c.req.header('user-agent'),
        address: clientAddressOf(c),
        requestId: exchange.requestId,
      });
      if (!session) throw new Error('an account that was just made has no session');
      return { account, session };
    });
    return c.json(
      {
        ...(await createTokenPair(c.env, session)),
        user: toUser(account.user),
        organization: toOrganization(account.organization),
      },
      201,
    );
  },
);

/** One statement makes all of it, or nothing when the address is taken. */
async function insertAccount(
  sql: Sql,
  registration: z.output<typeof Registration>,
  passwordHash: string,
  requestId: string,
) {
  const { email } = registration;
  const name = registration.name ?? null;
  const organizationName = registration.organization_name ?? name ?? email.slice(0, email.indexOf('@'));
  const user = { id: createUuid(), email, name, emailVerifiedAt: null };
  const organization = {
    id: createUuid(),
    name: organizationName,
    slug: createSlug(organizationName),
    role: 'owner',
  } as const;
  const [made] = await sql<{ createdAt: Date }>`
    with made as (
      insert into users (id, email, name, password_hash)
      values (${user.id}, ${email}, ${name}, ${passwordHash})
      on conflict (email) do nothing
      returning id, created_at
    ), organization as (
      insert into organizations (id, name, slug)
      select ${organization.id}, ${organization.name}, ${organization.slug} from made
    ), membership as (
      insert into memberships (organization_id, user_id, role)
      select ${organization.id}, id, ${organization.role} from made
    ), audited as (
      insert into audit_events (id, event, user_id, organization_id, request_id)
      select ${createUuid()}, 'account.registered', id, ${organization.id}, ${requestId} from made
    )
    select created_at from made`;
  return made && { user: { ...user, createdAt: made.createdAt }, organization };
}

/** Readable, and unique by its tail, so that no second try is ever needed. */
function createSlug(name: string): string {
  const readable = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '');
  const tail = Buffer.from(crypto.getRandomValues(new Uint8Array(5))).toString('hex');
  return readable === '' ? tail : `${readable}-${tail}`;
}

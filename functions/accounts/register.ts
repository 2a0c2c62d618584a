/**
 * Makes a person and their first organization. Where addresses must be verified the answer is 202 whether or not the
 * address has an account; where they need not be, a taken address has to be told: 409.
 */
import * as z from 'zod/mini';
import { toOrganization, toUser } from '../../lib/account.ts';
import { anyone } from '../../lib/caller.ts';
import { clientAddressOf } from '../../lib/client-address.ts';
import { evenOut } from '../../lib/even-out.ts';
import { displayName, email, newPassword } from '../../lib/fields.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { json } from '../../lib/json-body.ts';
import { Problem } from '../../lib/problem.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { auth } from '../../lib/rate-limit/policies.ts';
import { createTokenPair, startSession } from '../../lib/session.ts';
import { insertAccount } from '../../lib/new-account.ts';

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
    const newAccount = {
      email: registration.email,
      name: registration.name ?? null,
      organizationName: registration.organization_name,
      passwordHash,
      verified: false,
      requestId: exchange.requestId,
    };
    if (settings.requireEmailVerification) {
      await database.transaction((sql) => insertAccount(sql, newAccount));
      await evenOut(startedAt);
      return c.json({ status: 'verification-pending' }, 202);
    }
    const { account, session } = await database.transaction(async (sql) => {
      const account = await insertAccount(sql, newAccount);
      if (!account) throw new Problem('email-taken');
      const session = await startSession(
        sql,
        {
          userId: account.user.id,
          organizationId: account.organization.id,
          role: account.organization.role,
          amr: ['pwd'],
          passwordHash,
          userAgent: c.req.header('user-agent'),
          address: clientAddressOf(c),
          requestId: exchange.requestId,
        },
        c.env.tokenSecret,
      );
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

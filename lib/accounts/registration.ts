/** Registering by password, from the API and from the page alike. */
import * as z from 'zod/mini';
import { fragment, type Sql } from '../../db/sql.ts';
import { equalizeTiming } from '../core/equalize-timing.ts';
import { email } from '../http/email-field.ts';
import { bindingField } from '../http/mailed-fields.ts';
import { displayName } from '../http/name-fields.ts';
import { newPassword } from '../http/password-fields.ts';
import { appFields, type AuthorizationRequest } from '../http/authorization-request.ts';
import type { GuardedRequest } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { enqueueEmail } from '../mail/enqueue.ts';
import { createNotification } from '../mail/notification.ts';
import { hashBinding } from './binding.ts';
import { readDeviceTokensSince } from './device-tokens-since.ts';
import { insertAccount, type NewAccount } from './new-account.ts';
import { hashNewPassword } from './new-password.ts';
import { Problem } from '../core/problem.ts';
import { createVerification, enqueueVerification } from './verification.ts';
import { startSession } from '../sessions/session.ts';

export const Registration = z.strictObject({
  email,
  password: newPassword,
  name: z.optional(displayName),
  organization_name: z.optional(displayName),
  binding: z.optional(bindingField),
  ...appFields,
});

/**
 * The new account with its first session; undefined where the address must be verified first, which is then all
 * that is told, whether or not it has an account. The email says which, to the mailbox alone.
 *
 * @throws {Problem} as `hashNewPassword` does, `sign-up-closed`, `email-taken` where addresses need not be verified
 */
export async function register(
  services: Pick<Services, 'database' | 'passwords' | 'outbox' | 'settings' | 'keyring'>,
  request: GuardedRequest<unknown, 'auth' | 'mailbox'>,
  registration: Omit<z.output<typeof Registration>, 'binding' | keyof typeof appFields>,
  client: { readonly binding: string } & AuthorizationRequest,
) {
  const { database, settings, outbox, keyring } = services;
  if (!settings.signUpOpen) throw new Problem('sign-up-closed');
  const { email } = registration;
  const startedAt = performance.now();
  const newAccount = {
    email,
    name: registration.name ?? null,
    organizationName: registration.organization_name,
    passwordHash: await hashNewPassword(services, {
      password: registration.password,
      field: 'password',
      owner: registration,
    }),
    verified: false,
    registrationHash: hashBinding(client.binding),
  };
  const { userAgent, acceptLanguage } = request;
  const verification = createVerification(
    { ...client, purpose: 'email-verification', email, userAgent, acceptLanguage },
    keyring,
  );
  await request.limits.mailbox.checkDevice(() => readDeviceTokensSince(database.sql, email));
  const mails = !request.limits.mailbox.exceeded;
  const registered = await database.transaction(async (sql) => {
    const account = await insertAccount(sql, request, newAccount);
    if (settings.requireEmailVerification) {
      await replaceUnprovenPassword(sql, newAccount, { isTaken: !account });
      await notifyOwner(sql, services, request, { email, mails });
    } else if (!account) {
      throw new Problem('email-taken');
    }
    const templates = { known: 'email-verification' } as const;
    await enqueueVerification(sql, verification, mails ? 'unverified accounts' : 'nobody', templates);
    if (settings.requireEmailVerification || !account) return undefined;
    const session = await startSession(sql, services, request, {
      userId: account.user.id,
      organizationId: account.organization.id,
      role: account.organization.role,
      asOf: account.user.createdAt,
      amr: ['pwd'],
      passwordHash: newAccount.passwordHash,
    });
    if (!session) throw new Error('an account that was just made has no session');
    return { ...account, session };
  });
  // What no success keeps goes back before the step: after it the sender is at work, and an answer that waits for Redis for it too.
  await Promise.all([request.limits.mailbox.settle(mails), request.limits.auth.settle(false)]);
  if (settings.requireEmailVerification) await equalizeTiming(startedAt);
  outbox.wake();
  return registered;
}

/**
 * An address that is registered again before it was proven: by the same client with another password perhaps. Anybody
 * else's is not kept, since the first may be the owner's; who confirms the address with neither sets a new one. An address
 * that was free has the same statement, so that their number does not tell.
 */
async function replaceUnprovenPassword(
  sql: Sql,
  { email, passwordHash, registrationHash }: Pick<NewAccount, 'email' | 'passwordHash' | 'registrationHash'>,
  { isTaken }: { readonly isTaken: boolean },
): Promise<void> {
  await sql`
    update users set password_hash = ${passwordHash}, updated_at = now()
    where email = ${email} and email_verified_at is null and registration_nonce_hash = ${registrationHash}::bytea
      and ${isTaken}::boolean`;
}

/** Only the mailbox's owner is told that the address has an account already, and nobody where no more emails are due. */
async function notifyOwner(
  sql: Sql,
  { keyring }: Pick<Services, 'keyring'>,
  request: GuardedRequest,
  { email, mails }: { readonly email: string; readonly mails: boolean },
): Promise<void> {
  const notification = createNotification('already-registered', request, keyring);
  await sql`${enqueueEmail(
    notification,
    fragment`
      select id as user_id, email as recipient from users
      where email = ${email} and email_verified_at is not null and ${mails}::boolean`,
  )}`;
}

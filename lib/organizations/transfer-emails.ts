/** What is mailed when an organization is handed over: one email to who was its owner, one to who is it now. */
import { fragment } from '../../db/sql.ts';
import type { Caller } from '../http/guarded-request.ts';
import type { Services } from '../http/services.ts';
import { type EncryptedEmail, encryptEmail } from '../mail/encryption.ts';
import { mailbox } from '../rate-limit/policies.ts';
import type { MemberTokens } from '../sessions/token-revocation.ts';
import { callerMembership, permits } from './caller-membership.ts';

export interface TransferEmails {
  readonly handedOver: EncryptedEmail;
  readonly received: EncryptedEmail;
  /** Whether the next owner's mailbox is due an email. */
  readonly mailsNewOwner: boolean;
  /** Gives back what was taken, where nothing came of it. */
  readonly refund: () => Promise<void>;
}

interface Parties {
  readonly slug: string;
  readonly formerOwner: string | null;
  readonly newOwner: string | null;
}

/**
 * Writes them, before it is known whether they go out. An address that nobody has proven gets none and stands in none: whoever
 * registered it may have taken another person's. Two owners could hand an organization to a third again and again, so that one's
 * email counts among those that strangers can cause; over that none is sent, and nobody is told.
 *
 * @param to the organization, and its next owner
 */
export async function prepareTransferEmails(
  services: Pick<Services, 'database' | 'rateLimits' | 'keyring'>,
  caller: Caller,
  to: MemberTokens,
): Promise<TransferEmails> {
  const parties = await readParties(services, caller, to);
  const parameters = { ...parties, at: new Date().toISOString() };
  return {
    handedOver: encryptEmail('organization-handed-over', parameters, services.keyring),
    received: encryptEmail('organization-received', parameters, services.keyring),
    ...(await charge(services, parties.newOwner)),
  };
}

/** Nobody's where the caller may not hand it over, so that no stranger uses up what a mailbox is due. */
async function readParties(
  { database: { sql } }: Pick<Services, 'database'>,
  caller: Caller,
  { organizationId, userId }: MemberTokens,
): Promise<Parties> {
  const [parties] = await sql<Parties>`
    with caller as (${callerMembership(caller, organizationId)}
    ), proven as not materialized (
      select id, email from users where email_verified_at is not null
    )
    select slug, former.email as former_owner, next.email as new_owner
    from caller join organizations on organizations.id = ${organizationId}
      join memberships on memberships.organization_id = organizations.id and memberships.user_id = ${userId}
        and memberships.user_id <> caller.user_id
      left join proven as former on former.id = caller.user_id
      left join proven as next on next.id = memberships.user_id
    where ${permits(fragment`caller.role`, 'organization:delete')}`;
  return parties ?? { slug: '', formerOwner: null, newOwner: null };
}

async function charge(
  { rateLimits }: Pick<Services, 'rateLimits'>,
  email: string | null,
): Promise<Pick<TransferEmails, 'mailsNewOwner' | 'refund'>> {
  if (email === null) return { mailsNewOwner: false, refund: () => Promise.resolve() };
  const check = { policy: mailbox, key: `mailbox:${email}`, id: crypto.randomUUID() };
  const [outcome] = await rateLimits.take([check]);
  const mailsNewOwner = outcome?.allowed ?? false;
  const refund = async () => (mailsNewOwner ? rateLimits.refund(check) : undefined);
  return { mailsNewOwner, refund };
}

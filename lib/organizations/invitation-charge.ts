/** What an invitation is counted against. */
import { toLimitHeaders } from '../rate-limit/headers.ts';
import { invitations, mailbox } from '../rate-limit/policies.ts';
import type { Services } from '../http/services.ts';

export interface InvitationCharge {
  /** Whether the mailbox is due an email. */
  readonly mails: boolean;
  /** Gives back what was taken, where nothing came of it. */
  readonly refund: () => Promise<void>;
}

/**
 * Counts an invitation for its organization, and its email for the mailbox, among those that strangers can cause. By the
 * organization of the address, and so only for who is known to be allowed to invite there: a stranger would use it up.
 *
 * @throws {Problem} `quota-exceeded` for the organization; of the mailbox nobody is told
 */
export async function chargeInvitation(
  { rateLimits }: Pick<Services, 'rateLimits'>,
  { organizationId, email }: { readonly organizationId: string; readonly email: string },
): Promise<InvitationCharge> {
  const id = crypto.randomUUID();
  const ofOrganization = { policy: invitations, key: `organization:${organizationId}`, id };
  const ofMailbox = { policy: mailbox, key: `mailbox:${email}`, id };
  const [organization, address] = await rateLimits.take([ofOrganization, ofMailbox]);
  const mails = address?.allowed ?? false;
  const refundMailbox = async () => (mails ? rateLimits.refund(ofMailbox) : undefined);
  const { refusal } = toLimitHeaders([invitations], organization ? [organization] : []);
  if (refusal) {
    await refundMailbox();
    throw refusal;
  }
  const refund = async () => {
    await Promise.all([rateLimits.refund(ofOrganization), refundMailbox()]);
  };
  return { mails, refund };
}

/** What an invitation is counted against. */
import { toLimitHeaders } from '../rate-limit/headers.ts';
import { invitations, inviter, mailbox } from '../rate-limit/policies.ts';
import type { Services } from '../http/services.ts';

export interface InvitationCharge {
  /** Whether the mailbox is due an email. */
  readonly mails: boolean;
  /** Gives back what was taken, where nothing came of it. */
  readonly refund: () => Promise<void>;
}

interface CountedInvitation {
  readonly organizationId: string;
  readonly email: string;
  readonly inviterId: string;
}

/**
 * Counts an invitation for its organization, for who invites, who may make organizations for it, and its email for the mailbox,
 * among those that strangers can cause. By the organization of the address, and so only for who is known to be allowed to
 * invite there: a stranger would use it up.
 *
 * @throws {Problem} `quota-exceeded` for the organization and for who invites; of the mailbox nobody is told
 */
export async function chargeInvitation(
  { rateLimits }: Pick<Services, 'rateLimits'>,
  { organizationId, email, inviterId }: CountedInvitation,
): Promise<InvitationCharge> {
  const id = crypto.randomUUID();
  const checks = [
    { policy: invitations, key: `organization:${organizationId}`, id },
    { policy: inviter, key: `user:${inviterId}`, id },
    { policy: mailbox, key: `mailbox:${email}`, id },
  ];
  const decisions = await rateLimits.take(checks);
  // One that was refused took nothing, and gives nothing back.
  const refund = async () => {
    await Promise.all(checks.map((check) => rateLimits.refund(check)));
  };
  const { refusal } = toLimitHeaders([invitations, inviter], decisions);
  if (refusal) {
    await refund();
    throw refusal;
  }
  return { mails: decisions[2]?.allowed ?? false, refund };
}

/** The invitation as it is now. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { Invitation } from '../../contract/shapes/invitation.ts';
import { invitations, inviter, mailbox } from '../../lib/rate-limit/policies.ts';

export default {
  summary: 'Send an invitation again',
  answers: {
    202: {
      description: 'The invitation, good for another 7 days',
      body: z.strictObject({ invitation: Invitation }),
    },
  },
  policies: [invitations, inviter, mailbox],
  problems: ['session-ended', 'not-found', 'permission-denied', 'email-unverified', 'already-member'],
} satisfies Answers;

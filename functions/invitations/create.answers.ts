/** The invitation, whoever it is for. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { Invitation } from '../../contract/shapes/invitation.ts';
import { invitations, inviter, mailbox } from '../../lib/rate-limit/policies.ts';

export default {
  summary: 'Invite somebody',
  answers: {
    201: {
      description: 'The invitation; told alike whether or not the address has an account',
      body: z.strictObject({ invitation: Invitation }),
    },
  },
  policies: [invitations, inviter, mailbox],
  problems: [
    'session-ended',
    'not-found',
    'permission-denied',
    'email-unverified',
    'already-member',
    'too-many-invitations',
  ],
} satisfies Answers;

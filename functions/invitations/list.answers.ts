/** The open invitations. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { Invitation } from '../../contract/shapes/invitation.ts';

export default {
  summary: 'List the open invitations',
  answers: {
    200: {
      description: 'At most a hundred, the newest first',
      body: z.strictObject({ invitations: z.array(Invitation) }),
    },
  },
  problems: ['session-ended', 'not-found', 'permission-denied'],
} satisfies Answers;

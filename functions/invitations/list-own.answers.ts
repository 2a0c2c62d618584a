/** The invitations of one address. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { roles } from '../../db/roles.ts';
import { organizationFields } from '../../contract/shapes/organization.ts';
import { id, time } from '../../contract/shapes/scalars.ts';

const { name, slug } = organizationFields;

export default {
  summary: 'List my invitations',
  answers: {
    200: {
      description: 'Those that can be accepted, the newest first',
      body: z.strictObject({
        invitations: z.array(
          z.strictObject({
            id,
            organization: z.strictObject({ id, name, slug }),
            role: z.enum(roles).check(z.describe('That accepting it now would give')),
            invited_by: z.nullable(z.string()).check(z.describe('The address of who invites')),
            created_at: time,
            expires_at: time,
          }),
        ),
      }),
    },
  },
  problems: ['session-ended', 'email-unverified'],
} satisfies Answers;

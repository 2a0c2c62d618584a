/** A sign-in together with what was made; or no more than that an email may come. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { Organization } from '../../contract/shapes/organization.ts';
import { binding } from '../../contract/shapes/pending.ts';
import { signInFields } from '../../contract/shapes/token-pair.ts';
import { User } from '../../contract/shapes/user.ts';

export default {
  summary: 'Register',
  answers: {
    201: {
      description: 'The account, its first organization and its first session',
      body: z.strictObject({ ...signInFields, binding, user: User, organization: Organization }),
    },
    202: {
      description:
        'Where addresses have to be verified, whether or not this one has an account: an email tells more',
      body: z.strictObject({ status: z.literal('verification-pending'), binding }),
    },
  },
  problems: ['sign-up-closed', 'email-taken'],
} satisfies Answers;

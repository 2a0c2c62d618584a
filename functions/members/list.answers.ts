/** The members of an organization. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { Member } from '../../contract/shapes/member.ts';
import { id } from '../../contract/shapes/scalars.ts';

export default {
  summary: 'List the members',
  answers: {
    200: {
      description: 'A page of members',
      body: z.strictObject({
        members: z.array(Member),
        next: z.nullable(id).check(z.describe('`after` of the next page; null on the last')),
      }),
    },
  },
  problems: ['invalid-input', 'session-ended', 'not-found'],
  query: {
    limit: {
      description: 'How many at most; 100 unless told',
      schema: { type: 'integer', minimum: 1, maximum: 100 },
    },
    after: { description: '`next` of the page before', schema: { type: 'string', format: 'uuid' } },
  },
} satisfies Answers;

/** Nothing but that it is done. */
import type { Answers } from '../../contract/answers.ts';
import { mailbox } from '../../lib/rate-limit/policies.ts';

export default {
  summary: 'Hand an organization over',
  answers: { 204: { description: 'The other member is its owner, and the caller an admin' } },
  policies: [mailbox],
  problems: ['session-ended', 'permission-denied', 'not-found', 'too-many-organizations'],
} satisfies Answers;

/** The trail of an organization. */
import type { Answers } from '../../contract/answers.ts';
import { auditTrail } from '../../contract/shapes/audit-event.ts';

export default {
  summary: 'Read the trail of an organization',
  ...auditTrail,
  problems: ['invalid-input', 'session-ended', 'permission-denied', 'not-found'],
} satisfies Answers;

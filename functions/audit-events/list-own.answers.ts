/** The trail of a person. */
import type { Answers } from '../../contract/answers.ts';
import { auditTrail } from '../../contract/shapes/audit-event.ts';

export default {
  summary: 'Read one’s own trail',
  ...auditTrail,
  problems: ['invalid-input', 'session-ended'],
} satisfies Answers;

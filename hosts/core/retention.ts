/** How long the operator wants things kept. */
import type { Environment } from '../../lib/core/env.ts';
import type { Retention } from '../../lib/core/retention.ts';

export const toRetention = ({
  RETAIN_SENT_EMAILS_DAYS: sentEmailsDays,
  RETAIN_AUDIT_EVENTS_DAYS: auditEventsDays,
}: Environment): Retention => ({ sentEmailsDays, auditEventsDays });

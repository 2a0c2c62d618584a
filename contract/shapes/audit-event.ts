/** An event of the audit trail, and what both endpoints that read it take and answer. */
import * as z from 'zod/mini';
import { auditEventNames } from '../../db/audit-event-names.ts';
import type { Answers } from '../answers.ts';
import { id, time } from './scalars.ts';

const AuditEventName = z.enum(auditEventNames).register(z.globalRegistry, { id: 'AuditEventName' });

const AuditEvent = z
  .strictObject({
    id,
    event: AuditEventName,
    occurred_at: time,
    user_id: z.nullable(id).check(z.describe('Whom it happened to')),
    organization_id: z.nullable(id),
    session_id: z.nullable(id),
    request_id: z.nullable(z.string()),
    actor_kind: z
      .nullable(z.enum(['user', 'key', 'operator', 'system', 'nobody']))
      .check(z.describe('Null where it is the person of `user_id`, or whoever asked in their name')),
    actor_id: z.nullable(z.string()),
    target_kind: z.nullable(z.enum(['user', 'organization', 'invitation', 'join_link', 'api_key'])),
    target_id: z.nullable(id),
  })
  .register(z.globalRegistry, { id: 'AuditEvent' });

export const auditTrail = {
  answers: {
    200: {
      description: 'A page of the trail, oldest first',
      body: z.strictObject({
        audit_events: z.array(AuditEvent),
        next: z
          .string()
          .check(
            z.regex(/^[A-Za-z0-9_-]{86}$/),
            z.describe('`after` of the next page; on the last, of what comes then'),
          ),
      }),
      alternatives: { 'application/x-ndjson': z.string() },
      headers: { Link: 'Where to read on, always (RFC 8288)', Vary: 'It depends on `Accept`' },
    },
  },
  query: {
    limit: {
      description: 'How many at most; 100 unless told',
      schema: { type: 'integer', minimum: 1, maximum: 500 },
    },
    after: {
      description: '`next` of the page before. It is signed: any other is refused',
      schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{86}$' },
    },
    event: { description: 'Only these', schema: { $ref: '#/components/schemas/AuditEventName' } },
  },
  requestHeaders: { Accept: '`application/x-ndjson` for one event a line' },
} satisfies Omit<Answers, 'summary'>;

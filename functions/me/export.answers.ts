/** Everything that is held on a person. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { verificationPurposes } from '../../db/schema.ts';
import { organizationFields } from '../../contract/shapes/organization.ts';
import { address, id, time } from '../../contract/shapes/scalars.ts';
import { userFields } from '../../contract/shapes/user.ts';

const maybe = z.nullable(time);

const AccountExport = z
  .strictObject({
    exported_at: time,
    user: z.strictObject({
      ...userFields,
      email_verified_at: maybe,
      has_password: z.boolean(),
      updated_at: time,
    }),
    organizations: z.array(z.strictObject({ ...organizationFields, joined_at: time })),
    sessions: z.array(
      z.strictObject({
        id,
        device: z.nullable(z.string()),
        user_agent: z.nullable(z.string()),
        address: z.nullable(address),
        amr: z.array(z.string()).check(z.describe('How the person signed in (RFC 8176)')),
        created_at: time,
        last_used_at: time,
        expires_at: time,
        ended_at: maybe,
      }),
    ),
    known_devices: z.array(z.strictObject({ seen_at: time })),
    verifications: z.array(
      z.strictObject({
        purpose: z.enum(verificationPurposes),
        email: z.string(),
        created_at: time,
        expires_at: time,
        used_at: maybe,
      }),
    ),
    emails: z.array(
      z.strictObject({
        template: z.string(),
        recipient: z.string(),
        state: z.enum(['sent', 'given-up', 'waiting']),
        created_at: time,
        sent_at: maybe,
      }),
    ),
    audit_events: z.array(
      z.strictObject({
        event: z.string(),
        occurred_at: time,
        organization_id: z.nullable(id),
        session_id: z.nullable(id),
        request_id: z.nullable(z.string()),
      }),
    ),
  })
  .register(z.globalRegistry, { id: 'AccountExport' });

export default {
  summary: 'Export the account',
  answers: {
    200: {
      description: 'A file to keep',
      body: AccountExport,
      headers: { 'Content-Disposition': 'The name of the file' },
    },
  },
  problems: ['session-ended'],
} satisfies Answers;

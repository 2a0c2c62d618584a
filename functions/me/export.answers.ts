/** Everything that is held on a person. */
import type { Answers } from '../../contract/answers.ts';
import * as z from 'zod/mini';
import { roles } from '../../db/roles.ts';
import { disabledReasons, verificationPurposes } from '../../db/schema.ts';
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
      disabled_at: maybe,
      disabled_reason: z.nullable(z.enum(disabledReasons)),
    }),
    organizations: z.array(z.strictObject({ ...organizationFields, joined_at: time })),
    invitations: z.array(
      z.strictObject({
        organization_id: id,
        email: z.string(),
        role: z.enum(roles),
        sent: z.boolean().check(z.describe('Whether the person sent it, and did not get it')),
        created_at: time,
        expires_at: time,
        accepted_at: maybe,
        declined_at: maybe,
        revoked_at: maybe,
      }),
    ),
    join_links: z.array(
      z.strictObject({
        organization_id: id,
        domain: z.nullable(z.string()),
        maximum_uses: z.nullable(z.int()),
        uses: z.int(),
        created_at: time,
        expires_at: time,
        revoked_at: maybe,
      }),
    ),
    api_keys: z.array(
      z.strictObject({
        organization_id: id,
        name: z.string(),
        scopes: z.array(z.string()),
        created_at: time,
        expires_at: maybe,
        last_used_at: maybe,
        last_used_network: z.nullable(z.string()),
        revoked_at: maybe,
      }),
    ),
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
        actor_kind: z.nullable(z.string()).check(z.describe('Null: the person themself, or nobody')),
        target_kind: z.nullable(z.string()),
        target_id: z.nullable(id),
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

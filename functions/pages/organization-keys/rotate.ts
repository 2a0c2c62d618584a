/**
 * Gives an API key its next text, and shows it this once; the one before goes on for a while. The same form, sent again, does not end
 * what it has shown.
 */
import * as z from 'zod/mini';
import { rotateKey, rotateKeyOnce } from '../../../lib/api-keys/api-key-rotation.ts';
import { recentSignIn } from '../../../lib/http/authorize.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { issuedKeyPage } from '../../../lib/pages/issued-key-page.ts';
import { refusedKeyButtonPage } from '../../../lib/pages/api-key-refusal.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { page } from '../../../lib/pages/page.ts';
import { api, issuedKeys } from '../../../lib/rate-limit/policies.ts';

const Rotation = z.object({
  organization_id: identifier,
  id: identifier,
  // A form of the release before has none.
  text_id: z.optional(z.string().check(z.maxLength(64))),
  overlap_seconds: z.enum(['0', '3600', '86400', '604800']),
});

export default createFunction('database', 'outbox').post(
  '/organization/keys/rotate',
  page(refusedKeyButtonPage, '/organization/keys'),
  guard({
    caller: browserUser,
    freshness: recentSignIn,
    limits: limit(api, issuedKeys),
    body: form(Rotation),
  }),
  async (c) => {
    const { organization_id, id, text_id: textId, overlap_seconds } = c.var.input;
    const rotation = { id, overlapSeconds: Number(overlap_seconds) };
    const issued =
      textId === undefined
        ? await rotateKey(c.env, c.var.request, organization_id, rotation)
        : await rotateKeyOnce(c.env, c.var.request, organization_id, { ...rotation, textId });
    return respond(c, issuedKeyPage(c, issued, 'rotate'));
  },
);

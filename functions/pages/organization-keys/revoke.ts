/** Ends an API key, for good. */
import * as z from 'zod/mini';
import { revokeKey } from '../../../lib/api-keys/api-key-revocation.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { refusedKeyButtonPage } from '../../../lib/pages/api-key-refusal.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { keysPath } from '../../../lib/pages/keys-path.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const Revocation = z.object({ organization_id: identifier, id: identifier });

export default createFunction('database').post(
  '/organization/keys/revoke',
  page(refusedKeyButtonPage, '/organization/keys'),
  guard({ caller: browserUser, limits: limit(api), body: form(Revocation) }),
  async (c) => {
    const { organization_id, id } = c.var.input;
    await revokeKey(c.env, c.var.request, organization_id, id);
    return c.redirect(`${keysPath(organization_id)}&notice=revoked`, 303);
  },
);

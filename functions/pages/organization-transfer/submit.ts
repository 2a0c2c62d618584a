/** Makes another member the owner of an organization, and the person an admin of it. */
import * as z from 'zod/mini';
import { recentSignIn } from '../../../lib/http/authorize.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { transferOwnership } from '../../../lib/organizations/ownership-transfer.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { refusedButtonPage } from '../../../lib/pages/organization-refusal.ts';
import { signInToTransferPage } from '../../../lib/pages/organization-transfer-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const Transfer = z.object({ organization_id: identifier, user_id: identifier });

export default createFunction('database', 'outbox').post(
  '/organization/transfer',
  page(
    (c, refusal) =>
      signInToTransferPage(c, refusal, refusal.values['organization_id']) ??
      refusedButtonPage(c, refusal, '/organization'),
    '/organization',
  ),
  guard({ caller: browserUser, freshness: recentSignIn, limits: limit(api), body: form(Transfer) }),
  async (c) => {
    const { organization_id, user_id } = c.var.input;
    await transferOwnership(c.env, c.var.request, organization_id, user_id);
    return c.redirect('/organization?notice=handed-over', 303);
  },
);

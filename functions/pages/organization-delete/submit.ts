/** Deletes an organization, whose slug is typed again, as the page before has said. */
import * as z from 'zod/mini';
import { recentSignIn } from '../../../lib/http/authorize.ts';
import { slug } from '../../../lib/http/name-fields.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { deleteOrganization } from '../../../lib/organizations/organization-deletion.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { refusedDeletionPage } from '../../../lib/pages/organization-delete-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const Deletion = z.object({ organization_id: identifier, slug });

export default createFunction('database').post(
  '/organization/delete',
  page((c, refusal) => refusedDeletionPage(c, refusal, refusal.values['organization_id']), '/organization'),
  guard({ caller: browserUser, freshness: recentSignIn, limits: limit(api), body: form(Deletion) }),
  async (c) => {
    await deleteOrganization(c.env, c.var.request, c.var.input.organization_id, c.var.input.slug);
    return c.redirect('/account/organizations?notice=deleted', 303);
  },
);

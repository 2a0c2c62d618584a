/** Makes another organization, whose owner is the person; the session stays where it is. */
import * as z from 'zod/mini';
import { displayName, slug } from '../../../lib/http/name-fields.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limit } from '../../../lib/http/limit.ts';
import { createOrganization } from '../../../lib/organizations/organization-creation.ts';
import { refusedCreationPage } from '../../../lib/pages/account-organizations-page.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const NewOrganization = z.object({ name: displayName, slug: z.optional(slug) });

export default createFunction('database').post(
  '/account/organizations',
  page(refusedCreationPage),
  guard({ caller: browserUser, limits: limit(api), body: form(NewOrganization) }),
  async (c) => {
    await createOrganization(c.env, c.var.request, c.var.input);
    return c.redirect('/account/organizations?notice=created', 303);
  },
);

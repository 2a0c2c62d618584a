/** Gives an organization another name or slug. */
import * as z from 'zod/mini';
import { displayName, slug } from '../../../lib/http/name-fields.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { changeOrganization } from '../../../lib/organizations/organization-change.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { refusedRenamingPage } from '../../../lib/pages/organization-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const Names = z.object({ organization_id: identifier, name: displayName, slug });

export default createFunction('database').post(
  '/organization',
  page(refusedRenamingPage),
  guard({ caller: browserUser, limits: limit(api), body: form(Names) }),
  async (c) => {
    const { organization_id, name, slug } = c.var.input;
    await changeOrganization(c.env, c.var.request, organization_id, { name, slug });
    return c.redirect('/organization?notice=renamed', 303);
  },
);

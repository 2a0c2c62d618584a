/** Saves a person's name; an empty one takes it away. */
import * as z from 'zod/mini';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { displayName } from '../../../lib/http/fields.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { accountNamePage } from '../../../lib/pages/account-name-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { changeProfile } from '../../../lib/accounts/profile-change.ts';
import { limit } from '../../../lib/http/limit.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const Name = z.object({ name: z.optional(displayName) });

export default createFunction('database').post(
  '/account/name',
  page((c, refusal) => accountNamePage(c, null, refusal)),
  guard({ caller: browserUser, limits: limit(api), body: form(Name) }),
  async (c) => {
    await changeProfile(c.env, c.var.request, { name: c.var.input.name ?? null });
    return c.redirect('/account?notice=name-changed', 303);
  },
);

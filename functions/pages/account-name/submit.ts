/** Saves a person's name, which an empty one takes away, and the language of emails. */
import * as z from 'zod/mini';
import { languages } from '../../../db/languages.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { displayName } from '../../../lib/http/name-fields.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { accountNamePage } from '../../../lib/pages/account-name-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { changeProfile } from '../../../lib/accounts/profile-change.ts';
import { limit } from '../../../lib/http/limit.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const Profile = z.object({ name: z.optional(displayName), locale: z.optional(z.enum(languages)) });

export default createFunction('database').post(
  '/account/name',
  page((c, refusal) => accountNamePage(c, undefined, refusal)),
  guard({ caller: browserUser, limits: limit(api), body: form(Profile) }),
  async (c) => {
    const { name = null, locale } = c.var.input;
    await changeProfile(c.env, c.var.request, { name, locale });
    return c.redirect('/account?notice=profile-changed', 303);
  },
);

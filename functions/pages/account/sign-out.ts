/** Signs this browser out, and leads on to the page to sign in on: back to `to` afterwards, for who has to do it anew. */
import * as z from 'zod/mini';
import { signBrowserOut } from '../../../lib/pages/browser-session.ts';
import { anyone } from '../../../lib/http/caller.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { toLocalPath } from '../../../lib/http/local-path.ts';
import { page } from '../../../lib/pages/page.ts';
import { limit } from '../../../lib/http/limit.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

const SignOut = z.object({ to: z.optional(z.string()) });

export default createFunction('database').post(
  '/account/sign-out',
  page(undefined, '/account'),
  guard({ caller: anyone, limits: limit(api), body: form(SignOut) }),
  async (c) => {
    await signBrowserOut(c, c.var.request);
    const to = toLocalPath(c.var.input.to, '');
    return c.redirect(`/auth/sign-in?${new URLSearchParams(to ? { to } : { notice: 'signed-out' })}`, 303);
  },
);

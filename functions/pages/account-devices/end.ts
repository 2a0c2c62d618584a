/** Signs another device of the person out, by the button beside it. */
import * as z from 'zod/mini';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { page } from '../../../lib/pages/page.ts';
import { isProblem } from '../../../lib/core/problem.ts';
import { limit } from '../../../lib/http/limit.ts';
import { api } from '../../../lib/rate-limit/policies.ts';
import { revokeSession } from '../../../lib/sessions/session-revocation.ts';

const Device = z.object({ id: z.string().check(z.maxLength(36)) });

export default createFunction('database').post(
  '/account/devices/end',
  page(undefined, '/account'),
  guard({ caller: browserUser, limits: limit(api), body: form(Device) }),
  async (c) => {
    try {
      await revokeSession(c.env, c.var.request, c.var.input.id);
    } catch (error) {
      // Two presses of one button, or a page that was open for long.
      if (isProblem(error) && error.slug === 'not-found')
        return c.redirect('/account?notice=device-gone', 303);
      throw error;
    }
    return c.redirect('/account?notice=device-signed-out', 303);
  },
);

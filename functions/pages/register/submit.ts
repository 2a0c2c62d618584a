/** Makes an account: signed in at once, or once the email that verifies the address was read. */
import * as z from 'zod/mini';
import { bindBrowser } from '../../../lib/pages/browser-binding.ts';
import { openBrowserSession } from '../../../lib/pages/browser-session.ts';
import { anyone } from '../../../lib/http/caller.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limitByDevice } from '../../../lib/http/limit-by-device.ts';
import { email } from '../../../lib/http/email-field.ts';
import { displayName } from '../../../lib/http/name-fields.ts';
import { newPassword } from '../../../lib/http/password-fields.ts';
import { form } from '../../../lib/http/form-body.ts';
import { toLocalPath } from '../../../lib/http/local-path.ts';
import { page } from '../../../lib/pages/page.ts';
import { registerPage } from '../../../lib/pages/register-page.ts';
import { auth, mail, mailbox } from '../../../lib/rate-limit/policies.ts';
import { register } from '../../../lib/accounts/registration.ts';

const Registration = z.object({
  email,
  password: newPassword,
  name: z.optional(displayName),
  to: z.optional(z.string()),
});

export default createFunction('database', 'passwords', 'keys', 'outbox').post(
  '/auth/register',
  page(registerPage),
  guard({ caller: anyone, limits: limitByDevice(auth, mail, mailbox), body: form(Registration) }),
  async (c) => {
    const { email, password, name, to } = c.var.input;
    const client = { binding: bindBrowser(c, email) };
    const registered = await register(c.env, c.var.request, { email, password, name }, client);
    if (!registered) return c.redirect('/auth/code?for=email-verification', 303);
    await openBrowserSession(c, c.var.request, registered.session);
    return c.redirect(toLocalPath(to, '/account'), 303);
  },
);

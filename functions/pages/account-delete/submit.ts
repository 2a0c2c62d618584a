/** Deletes the account, as the page before has said. */
import * as z from 'zod/mini';
import { deleteAccount } from '../../../lib/accounts/account-deletion.ts';
import { closeBrowserSession, browserUser } from '../../../lib/pages/browser-session.ts';
import { password } from '../../../lib/http/password-fields.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { accountDeletePage } from '../../../lib/pages/account-delete-page.ts';
import { toConfirmation } from '../../../lib/pages/confirmation.ts';
import { page } from '../../../lib/pages/page.ts';
import { limitByDevice } from '../../../lib/http/limit-by-device.ts';
import { account, api } from '../../../lib/rate-limit/policies.ts';

const Deletion = z.object({ password: z.optional(password) });

export default createFunction('database', 'passwords').post(
  '/account/delete',
  page((c, refusal) => accountDeletePage(c, toConfirmation(refusal), refusal)),
  guard({ caller: browserUser, limits: limitByDevice(api, account), body: form(Deletion) }),
  async (c) => {
    await deleteAccount(c.env, c.var.request, c.var.input.password);
    closeBrowserSession(c);
    return c.redirect('/auth/sign-in?notice=account-deleted', 303);
  },
);

/** Takes the code of an email. An email for a new password has its own page, /auth/reset. */
import * as z from 'zod/mini';
import { anyone } from '../../../lib/http/caller.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { limitByDevice } from '../../../lib/http/limit-by-device.ts';
import { form, submittedOf } from '../../../lib/http/form-body.ts';
import { codePage } from '../../../lib/pages/code-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { toPresented, useVerification } from '../../../lib/pages/verification-use.ts';
import { pagePurpose } from '../../../lib/pages/purposes.ts';
import { email } from '../../../lib/http/email-field.ts';
import { typedCode } from '../../../lib/http/typed-fields.ts';
import { account, auth, volume } from '../../../lib/rate-limit/policies.ts';

const TypedCode = z.object({
  for: z.enum(['sign-in', 'email-verification', 'email-change']),
  email,
  code: typedCode,
});

export default createFunction('database', 'passwords', 'keys', 'outbox').post(
  '/auth/code',
  page((c, refusal) => {
    const purpose = pagePurpose.safeParse(submittedOf(c.req.raw)['for']);
    return purpose.success ? codePage(c, purpose.data, refusal) : undefined;
  }),
  guard({ caller: anyone, limits: limitByDevice(auth, volume, account), body: form(TypedCode) }),
  (c) => {
    const { for: purpose, email, code } = c.var.input;
    return useVerification(c, c.var.request, { purpose, presented: toPresented(c, { email, code }) });
  },
);

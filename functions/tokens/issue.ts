/**
 * Tokens for a grant (RFC 6749, section 4.1.3): the code that an app got for a mailed link, with the verifier of its challenge
 * (RFC 7636, section 4.5). A code has one try. Clients are public, and a `client_id` means nothing.
 */
import * as z from 'zod/mini';
import { exchangeCode } from '../../lib/accounts/code-exchange.ts';
import { anyone } from '../../lib/http/caller.ts';
import { deviceToken } from '../../lib/http/device-token-field.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { refuseAsJson, tokenRequest } from '../../lib/http/token-request.ts';
import { auth, volume } from '../../lib/rate-limit/policies.ts';
import { createSignInAnswer } from '../../lib/sessions/session.ts';

const Grant = z.object({
  grant_type: z.literal('authorization_code'),
  code: z.string().check(z.maxLength(512)),
  code_verifier: z.string().check(z.regex(/^[\w.~-]{43,128}$/, 'Must be 43 to 128 unreserved characters')),
  redirect_uri: z.string().check(z.maxLength(2048)),
  device_token: z.optional(deviceToken),
});

export default createFunction('database', 'keys', 'outbox').post(
  '/v1/auth/token',
  refuseAsJson,
  guard({ caller: anyone, limits: limit(auth, volume), body: tokenRequest(Grant) }),
  async (c) => {
    const { device_token, ...presented } = c.var.input;
    const session = await exchangeCode(c.env, c.var.request, presented);
    return c.json(await createSignInAnswer(c.env, session, device_token));
  },
);

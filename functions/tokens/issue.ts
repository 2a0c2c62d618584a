/**
 * Tokens for a grant. For `authorization_code` (RFC 6749, section 4.1.3): the code that an app got for a mailed link, with the
 * verifier of its challenge (RFC 7636, section 4.5); a code has one try, clients are public, and a `client_id` means nothing.
 * For `client_credentials` (section 4.4): an API key as `client_secret`, its id as `client_id`, or both by HTTP Basic, beside which
 * the body may repeat the `client_id` and nothing else of them; the token is for services that verify it themselves.
 */
import * as z from 'zod/mini';
import { exchangeCode } from '../../lib/accounts/code-exchange.ts';
import { issueClientToken } from '../../lib/api-keys/client-credentials.ts';
import { anyone } from '../../lib/http/caller.ts';
import { deviceToken } from '../../lib/http/device-token-field.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { refuseAsJson, tokenRequest } from '../../lib/http/token-request.ts';
import { auth, volume } from '../../lib/rate-limit/policies.ts';
import { createSignInAnswer } from '../../lib/sessions/session.ts';

const Code = z.object({
  grant_type: z.literal('authorization_code'),
  code: z.string().check(z.maxLength(512)),
  code_verifier: z.string().check(z.regex(/^[\w.~-]{43,128}$/, 'Must be 43 to 128 unreserved characters')),
  redirect_uri: z.string().check(z.maxLength(2048)),
  device_token: z.optional(deviceToken),
});

const Client = z.object({
  grant_type: z.literal('client_credentials'),
  client_id: z.optional(z.string().check(z.maxLength(64))),
  client_secret: z.optional(z.string().check(z.maxLength(256))),
  scope: z.optional(z.string().check(z.maxLength(1024))),
});

const Grant = z.discriminatedUnion('grant_type', [Code, Client]);

export default createFunction('database', 'keys', 'outbox', 'apiKeys').post(
  '/v1/auth/token',
  refuseAsJson,
  guard({ caller: anyone, limits: limit(auth, volume), body: tokenRequest(Grant) }),
  async (c) => {
    const { input, request } = c.var;
    if (input.grant_type === 'client_credentials') {
      const authorization = c.req.header('authorization');
      return c.json(await issueClientToken(c.env, request, { ...input, authorization }));
    }
    const { device_token, ...presented } = input;
    const session = await exchangeCode(c.env, request, presented);
    return c.json(await createSignInAnswer(c.env, session, device_token));
  },
);

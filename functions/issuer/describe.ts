/**
 * What we are as an authorization server (RFC 8414, section 3): for services that find keys by `iss` (RFC 9068, section 4), and
 * for apps that exchange the code of a mailed link, and programs their API key. There is no `authorization_endpoint`: an app asks for an email instead.
 */
import { cacheable } from '../../lib/http/cacheable.ts';
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction().get(
  '/.well-known/oauth-authorization-server',
  guard({ caller: anyone, limits: limit(api) }),
  (c) => {
    const { publicUrl } = c.env.settings;
    const metadata = {
      issuer: publicUrl,
      jwks_uri: `${publicUrl}/.well-known/jwks.json`,
      token_endpoint: `${publicUrl}/v1/auth/token`,
      token_endpoint_auth_methods_supported: ['none', 'client_secret_basic', 'client_secret_post'],
      grant_types_supported: ['authorization_code', 'client_credentials'],
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
    };
    return c.json(metadata, 200, cacheable);
  },
);

/**
 * What we are as an issuer of access tokens (RFC 8414, section 3), for services that find keys by `iss` (RFC 9068, section 4).
 * No endpoint or grant of OAuth is named, because we have none; a list without elements has to be left out (section 3.2).
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
    return c.json({ issuer: publicUrl, jwks_uri: `${publicUrl}/.well-known/jwks.json` }, 200, cacheable);
  },
);

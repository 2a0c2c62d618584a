/** The public keys that verify our access tokens (RFC 7517, section 5), for services that check tokens themselves. */
import { cacheable } from '../../lib/http/cacheable.ts';
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('keys').get(
  '/.well-known/jwks.json',
  guard({ caller: anyone, limits: limit(api) }),
  (c) =>
    c.json(c.env.keys.publicKeySet, 200, {
      'Content-Type': 'application/jwk-set+json',
      ...cacheable,
    }),
);

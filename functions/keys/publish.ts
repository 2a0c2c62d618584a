/** The public keys that verify our access tokens (RFC 7517, section 5), for services that check tokens themselves. */
import { anyone } from '../../lib/caller.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction().get(
  '/.well-known/jwks.json',
  guard({ caller: anyone, limits: limit(api) }),
  (c) =>
    c.json(c.env.keys.publicKeySet, 200, {
      'Content-Type': 'application/jwk-set+json',
      'Cache-Control': 'public, max-age=300, stale-while-revalidate=3600',
    }),
);

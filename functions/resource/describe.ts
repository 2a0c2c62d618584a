/** What we are as an API that takes access tokens (RFC 9728, section 3); every 401 that asks for a token leads here (section 5.1). */
import { productName } from '../../lib/core/brand.ts';
import { cacheable } from '../../lib/http/cacheable.ts';
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction().get(
  '/.well-known/oauth-protected-resource',
  guard({ caller: anyone, limits: limit(api) }),
  (c) => {
    const { publicUrl } = c.env.settings;
    const metadata = {
      resource: publicUrl,
      authorization_servers: [publicUrl],
      bearer_methods_supported: ['header'],
      resource_name: productName,
    };
    return c.json(metadata, 200, cacheable);
  },
);

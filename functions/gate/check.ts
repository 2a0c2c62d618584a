/**
 * Lets a request to another service behind the same proxy pass, or refuses it as our own endpoints do: for ForwardAuth of Traefik,
 * `auth_request` of nginx and `forward_auth` of Caddy. What is demanded stands in the address that the proxy is configured with, and
 * nothing that a client sends is read but its credential. The service is told who asks by a token for it alone.
 */
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { gateCaller } from '../../lib/gate/caller.ts';
import { parseDemands } from '../../lib/gate/demands.ts';
import { toIdentity } from '../../lib/gate/identity.ts';
import { gateLimits } from '../../lib/gate/limits.ts';

export default createFunction().get(
  '/v1/gate',
  guard({ caller: gateCaller, limits: gateLimits }),
  async (c) => {
    const { caller } = c.var.request;
    const { audience, ...demands } = parseDemands(c.req, c.env.settings);
    gateCaller.authorize?.(caller, demands);
    if (!caller) return c.body(null, 204);
    return c.body(null, 200, {
      'X-Identity': await c.env.keys.signIdentity(toIdentity(caller), audience),
    });
  },
);

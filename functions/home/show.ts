/**
 * What this is, and where everything else is: a page for who asks for `text/html`, as browsers do, and JSON for all others. In
 * production it is there if the operator says so by `HOME_PAGE`, who may have another site shown instead.
 */
import { brand } from '../../lib/core/brand.ts';
import { Problem } from '../../lib/core/problem.ts';
import { version } from '../../lib/core/version.ts';
import { cacheable } from '../../lib/http/cacheable.ts';
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { isPreferred } from '../../lib/http/media-type.ts';
import { homePage } from '../../lib/pages/home-page.ts';
import { respond } from '../../lib/pages/layout.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction().get('/', guard({ caller: anyone, limits: limit(api) }), async (c) => {
  const { homePage: answer, publicUrl } = c.env.settings;
  if (answer === 'hide') throw new Problem('not-found');
  if (answer !== 'show') return c.body(null, 302, { ...cacheable, Location: answer });
  const response = isPreferred(c.req.header('accept'), 'text/html', 'application/json')
    ? await respond(c, homePage(c))
    : c.json(toDirectory(publicUrl));
  response.headers.set('Cache-Control', cacheable['Cache-Control']);
  response.headers.append('Vary', 'Accept');
  return response;
});

function toDirectory(publicUrl: string) {
  return {
    name: brand.name,
    version,
    links: {
      docs: `${publicUrl}/docs`,
      openapi: `${publicUrl}/openapi.json`,
      health: `${publicUrl}/health`,
      issuer_metadata: `${publicUrl}/.well-known/oauth-authorization-server`,
      jwks: `${publicUrl}/.well-known/jwks.json`,
    },
  };
}

/** What this API is, as OpenAPI 3.1: for tools that make clients, tests and pages of it. */
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction().get(
  '/openapi.json',
  guard({ caller: anyone, limits: limit(api) }),
  async (c) => {
    const { text, tag } = await import('./_document.ts');
    const headers = { 'Cache-Control': 'public, max-age=300', ETag: tag };
    if (isKnown(c.req.header('if-none-match'), tag)) return c.body(null, 304, headers);
    return c.body(text, 200, { ...headers, 'Content-Type': 'application/json' });
  },
);

/** RFC 9110, section 13.1.2: compared weakly, since a proxy that compresses makes a tag weak. */
function isKnown(wanted: string | undefined, tag: string): boolean {
  return (wanted ?? '').split(',').some((each) => ['*', tag].includes(each.trim().replace(/^W\//, '')));
}

/** What this API is, as OpenAPI 3.1: for tools that make clients, tests and pages of it. */
import { createHash } from 'node:crypto';
import document from '../../openapi.json' with { type: 'json' };
import { anyone } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

const text = JSON.stringify(document);
const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;

export default createFunction().get('/openapi.json', guard({ caller: anyone, limits: limit(api) }), (c) => {
  const headers = { 'Cache-Control': 'public, max-age=300', ETag: tag };
  if (isKnown(c.req.header('if-none-match'))) return c.body(null, 304, headers);
  return c.body(text, 200, { ...headers, 'Content-Type': 'application/json' });
});

/** RFC 9110, section 13.1.2: compared weakly, since a proxy that compresses makes a tag weak. */
function isKnown(wanted = ''): boolean {
  return wanted.split(',').some((each) => ['*', tag].includes(each.trim().replace(/^W\//, '')));
}

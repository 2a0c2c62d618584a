/**
 * What happened in an organization, oldest first, for its owners and admins. `next` is what `after` is for what follows, and
 * the `Link` leads there; both are there on the last page too, so that whoever goes on from it gets each event once, however
 * late it was committed. With `Accept: application/x-ndjson` it is one event a line. It holds ids, and nothing of a person.
 */
import { answerTrail } from '../../lib/http/audit-answer.ts';
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { readOrganizationTrail } from '../../lib/organizations/organization-trail.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/v1/organizations/:id/audit-events',
  guard({ caller: user, membership: 'audit:read', limits: limit(api) }),
  async (c) =>
    answerTrail(
      c,
      (query) => readOrganizationTrail(c.env, c.var.request, c.req.param('id'), query),
      // An operator is named by what they log in as, which is no id.
      ({ actorKind }) => actorKind !== 'operator',
    ),
);

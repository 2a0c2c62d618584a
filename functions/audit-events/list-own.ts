/**
 * What happened to the person, and what they did in organizations, oldest first. It is read as an organization's trail is. Who
 * else did something is not told.
 */
import { readOwnTrail } from '../../lib/accounts/own-trail.ts';
import { answerTrail } from '../../lib/http/audit-answer.ts';
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/v1/me/audit-events',
  guard({ caller: user, limits: limit(api) }),
  async (c) =>
    answerTrail(
      c,
      (query) => readOwnTrail(c.env, c.var.request, query),
      ({ actorId }) => actorId === c.var.request.caller.userId,
    ),
);

/** Everything that is held on the person, as one JSON document to keep. */
import { user } from '../../lib/http/caller.ts';
import { answerExport } from '../../lib/accounts/export.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction().get(
  '/v1/me/export',
  guard({ caller: user, limits: limit(api) }),
  answerExport,
);

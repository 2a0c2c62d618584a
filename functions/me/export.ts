/** Everything that is held on the person, as one JSON document to keep. */
import { user } from '../../lib/caller.ts';
import { answerExport } from '../../lib/export.ts';
import { createFunction } from '../../lib/function.ts';
import { guard } from '../../lib/guard.ts';
import { limit } from '../../lib/rate-limit/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction().get(
  '/v1/me/export',
  guard({ caller: user, limits: limit(api) }),
  answerExport,
);

/** Everything that is held on the person, as one JSON document to keep. */
import { user } from '../../lib/http/caller.ts';
import { exportAccount } from '../../lib/accounts/export.ts';
import { createFunction } from '../../lib/http/function.ts';
import { respondWithDownload } from '../../lib/http/download.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/v1/me/export',
  guard({ caller: user, limits: limit(api) }),
  async (c) => respondWithDownload(c, 'account.json', await exportAccount(c.env, c.var.request)),
);

/** Everything that is held on the person, as a download from their account page. */
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { exportAccount } from '../../../lib/accounts/export.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { respondWithDownload } from '../../../lib/http/download.ts';
import { guard } from '../../../lib/http/guard.ts';
import { page } from '../../../lib/pages/page.ts';
import { limit } from '../../../lib/http/limit.ts';
import { api } from '../../../lib/rate-limit/policies.ts';

export default createFunction('database').get(
  '/account/export',
  page(),
  guard({ caller: browserUser, limits: limit(api) }),
  async (c) => respondWithDownload(c, 'account.json', await exportAccount(c.env, c.var.request)),
);

/**
 * An access token for the session that a browser holds in its cookies, which rotate by it: for an app of `COOKIE_ORIGINS` on our
 * own site, to keep in memory. It asks again when that has expired, with credentials.
 */
import * as z from 'zod/mini';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { ownApp } from '../../lib/http/own-app.ts';
import { refreshBrowserSession } from '../../lib/pages/browser-session.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database', 'keys', 'outbox').post(
  '/v1/auth/browser/token',
  guard({ caller: ownApp, limits: limit(api), body: json(z.strictObject({})) }),
  async (c) => {
    const { tokens } = await refreshBrowserSession(c, c.var.request);
    const { access_token, token_type, expires_in } = tokens;
    return c.json({ access_token, token_type, expires_in });
  },
);

/** Ends the session that a browser holds in its cookies, and takes them away. It answers 204 even where there is nothing to end. */
import * as z from 'zod/mini';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { limit } from '../../lib/http/limit.ts';
import { ownApp } from '../../lib/http/own-app.ts';
import { signBrowserOut } from '../../lib/pages/browser-session.ts';
import { api } from '../../lib/rate-limit/policies.ts';

export default createFunction('database').post(
  '/v1/auth/browser/logout',
  guard({ caller: ownApp, limits: limit(api), body: json(z.strictObject({})) }),
  async (c) => {
    await signBrowserOut(c, c.var.request);
    return c.body(null, 204);
  },
);

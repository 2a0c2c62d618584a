/** Changes what a person may change of their account by themselves: the name (`null` takes it away) and the language of emails. */
import * as z from 'zod/mini';
import { languages } from '../../db/languages.ts';
import { toUser } from '../../lib/accounts/account.ts';
import { user } from '../../lib/http/caller.ts';
import { displayName } from '../../lib/http/name-fields.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { json } from '../../lib/http/json-body.ts';
import { changeProfile } from '../../lib/accounts/profile-change.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';

const Changes = z.strictObject({
  name: z.optional(z.nullable(displayName)),
  locale: z.optional(z.enum(languages)),
});

export default createFunction('database').patch(
  '/v1/me',
  guard({ caller: user, limits: limit(api), body: json(Changes) }),
  async (c) => c.json({ user: toUser(await changeProfile(c.env, c.var.request, c.var.input)) }),
);

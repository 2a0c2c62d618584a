/** Makes an API key, and shows it this once: the same form, sent again, makes no other one and shows none. */
import * as z from 'zod/mini';
import { createKeyOnce } from '../../../lib/api-keys/api-key-creation.ts';
import { permissionNames } from '../../../lib/core/permissions.ts';
import { createUuid } from '../../../lib/core/uuid.ts';
import { recentSignIn } from '../../../lib/http/authorize.ts';
import { form } from '../../../lib/http/form-body.ts';
import { createFunction } from '../../../lib/http/function.ts';
import { guard } from '../../../lib/http/guard.ts';
import { identifier } from '../../../lib/http/identifier.ts';
import { limit } from '../../../lib/http/limit.ts';
import { displayName } from '../../../lib/http/name-fields.ts';
import { refusedKeyPage } from '../../../lib/pages/api-key-form.ts';
import { browserUser } from '../../../lib/pages/browser-session.ts';
import { respond } from '../../../lib/pages/layout.ts';
import { issuedKeyPage } from '../../../lib/pages/issued-key-page.ts';
import { page } from '../../../lib/pages/page.ts';
import { api, issuedKeys } from '../../../lib/rate-limit/policies.ts';

// A form has a box for each scope, by its name.
const NewKey = z
  .looseObject({
    organization_id: identifier,
    // A form of the release before has none.
    form_id: z._default(identifier, createUuid),
    name: displayName,
    belongs_to: z.enum(['organization', 'person']),
    expires_in_days: z.enum(['30', '90', '365', 'never']),
    limit_requests: z.optional(
      z.string().check(z.regex(/^(?:[1-9]\d{0,4}|100000)$/, 'Must be a number from 1 to 100000')),
    ),
    limit_seconds: z.enum(['1', '60', '3600', '86400']),
  })
  .check(
    z.refine((input) => scopesOf(input).length > 0, { path: ['scopes'], error: 'Must be at least one' }),
  );

export default createFunction('database', 'outbox').post(
  '/organization/keys',
  page(refusedKeyPage),
  guard({ caller: browserUser, freshness: recentSignIn, limits: limit(api, issuedKeys), body: form(NewKey) }),
  async (c) => {
    const { organization_id, form_id } = c.var.input;
    const wanted = { ...toWanted(c.var.input), formId: form_id };
    const issued = await createKeyOnce(c.env, c.var.request, organization_id, wanted);
    return respond(c, issuedKeyPage(c, issued, 'create'));
  },
);

const scopesOf = (input: Readonly<Record<string, unknown>>) =>
  permissionNames.filter((name) => input[name] === 'on');

function toWanted(input: z.output<typeof NewKey>) {
  const { name, belongs_to, expires_in_days, limit_requests, limit_seconds } = input;
  return {
    name,
    scopes: scopesOf(input),
    expiresInDays: expires_in_days === 'never' ? null : Number(expires_in_days),
    limit:
      limit_requests === undefined
        ? undefined
        : { requests: Number(limit_requests), seconds: Number(limit_seconds) },
    isPersonal: belongs_to === 'person',
  };
}

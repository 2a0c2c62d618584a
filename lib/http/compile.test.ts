/** What a route must not be able to forget is seen by the compiler: these sources must not compile, and say why. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../../test/support/compile.ts';

const imports = `
import * as z from 'zod/mini';
import { mailPasswordReset } from '../accounts/password-reset.ts';
import { signInByPassword } from '../accounts/password-sign-in.ts';
import { auth, account, mailbox } from '../rate-limit/policies.ts';
import { anyone } from './caller.ts';
import { createFunction } from './function.ts';
import { guard } from './guard.ts';
import { json } from './json-body.ts';
import { limit } from './limit.ts';
import { limitByDevice } from './limit-by-device.ts';
const Address = z.strictObject({ email: z.string(), password: z.string(), binding: z.string() });
`;

const route = (services: string, limits: string, flow: string, by = 'limitByDevice') => `${imports}
export default createFunction(${services}).post(
  '/path',
  guard({ caller: anyone, limits: ${by}(${limits}), body: json(Address) }),
  async (c) => {
    await ${flow}(c.env, c.var.request, c.var.input);
    return c.body(null, 204);
  },
);
void [limit, limitByDevice, auth, account, mailbox, mailPasswordReset, signInByPassword];
`;

const sources = {
  'sound-mail.ts': route("'database', 'outbox'", 'auth, mailbox', 'mailPasswordReset'),
  'mail-without-mailbox.ts': route("'database', 'outbox'", 'auth', 'mailPasswordReset'),
  'mail-without-outbox.ts': route("'database'", 'auth, mailbox', 'mailPasswordReset'),
  'sound-sign-in.ts': route("'database', 'passwords', 'outbox'", 'auth, account', 'signInByPassword'),
  'account-without-devices.ts': route(
    "'database', 'passwords', 'outbox'",
    'auth, account',
    'signInByPassword',
    'limit',
  ),
  'sign-in-without-account.ts': route("'database', 'passwords', 'outbox'", 'auth', 'signInByPassword'),
};

const diagnostics = compile('lib/http', sources);

test('a route that declares what its flow relies on compiles', () => {
  assert.deepEqual(diagnostics.get('sound-mail.ts'), []);
  assert.deepEqual(diagnostics.get('sound-sign-in.ts'), []);
});

test('a route that mails and forgot the limit by mailbox does not compile', () => {
  assert.match(only('mail-without-mailbox.ts'), /Property 'mailbox' is missing/);
});

test('a route that checks a password and forgot the limit by account does not compile', () => {
  assert.match(only('sign-in-without-account.ts'), /Property 'account' is missing/);
});

test('a limit by account that tells no devices from strangers, who could lock owners out, does not compile', () => {
  assert.match(diagnostics.get('account-without-devices.ts')?.[0] ?? '', /"account".* is not assignable/s);
});

test('a route that uses a service which it does not declare does not compile', () => {
  assert.match(only('mail-without-outbox.ts'), /Property 'outbox' is missing/);
});

function only(file: keyof typeof sources): string {
  const [first, ...others] = diagnostics.get(file) ?? [];
  assert.deepEqual(others, []);
  return first ?? '';
}

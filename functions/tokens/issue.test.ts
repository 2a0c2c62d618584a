import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  appAddress,
  confirmLink,
  createPkce,
  exchange,
  type Pkce,
  toAppFields,
  toCallback,
} from '../../test/support/app-link.ts';
import { publicUrl, startBlockbot } from '../../test/support/blockbot.ts';
import { lastEmail } from '../../test/support/mailed.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();
const { sql } = bot.database;

let people = 0;

/** Somebody with an account who has asked for a link in the app. */
async function ask(pkce: Pkce, more: Readonly<Record<string, string>> = {}) {
  const email = `app-${++people}@example.com`;
  const account = await bot.register({ email });
  const body = { email, ...toAppFields(pkce, more) };
  await expectJson(await bot.send('POST', '/v1/auth/magic-link', { body }), 202);
  return account;
}

async function getCode(pkce: Pkce) {
  const account = await ask(pkce);
  const { code } = toCallback(await confirmLink(bot, account.email));
  return { account, code };
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly device_token: string;
}

const readMe = (token: string) => bot.send('GET', '/v1/me', { token });

async function expectRefused(response: Response, error = 'invalid_grant') {
  const slug = error === 'invalid_grant' ? 'grant-invalid' : 'malformed-request';
  const document = await expectProblem(response, slug);
  assert.equal(Reflect.get(document, 'error'), error);
  return document;
}

/** Sessions that the mailed link of an app has given. */
const sessionsOf = (userId: string) =>
  sql<{ revoked: boolean }>`
    select revoked_at is not null as revoked from refresh_tokens where user_id = ${userId} and amr = '{otp}'`;

test('an app gets a code for a mailed link, and the tokens of the person for the code', async () => {
  const pkce = createPkce();
  const { email, user } = await ask(pkce);
  const response = await confirmLink(bot, email);
  const { address, code, state, iss } = toCallback(response);
  assert.ok(address.startsWith(`${appAddress}?code=`));
  assert.deepEqual([state, iss, code.length], ['state of the app', publicUrl, 43]);
  assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.equal(response.headers.get('set-cookie'), null);
  const tokens = await expectJson<Tokens>(await exchange(bot, code, pkce), 200);
  const me = await expectJson<{ user: { email: string } }>(await readMe(tokens.access_token), 200);
  assert.equal(me.user.email, email);
  assert.deepEqual(await sessionsOf(user.id), [{ revoked: false }]);
  const body = { refresh_token: tokens.refresh_token };
  await expectJson(await bot.send('POST', '/v1/auth/refresh', { body }), 200);
});

test('at rest there is no code, no verifier and no token of it', async () => {
  const pkce = createPkce();
  const { account, code } = await getCode(pkce);
  const rows = await sql<{ row: string }>`select magic_links::text as row from magic_links`;
  assert.ok(rows.every(({ row }) => !row.includes(code) && !row.includes(pkce.verifier)));
  const [waiting] = await sql<{ seconds: number }>`
    select extract(epoch from expires_at - created_at)::int as seconds from magic_links
    where user_id = ${account.user.id} and purpose = 'authorization'`;
  assert.equal(waiting?.seconds, 60);
  await expectJson(await exchange(bot, code, pkce), 200);
  assert.ok(bot.logLines.every((line) => !line.includes(code) && !line.includes(pkce.verifier)));
});

test('a wrong verifier, and another address, end the code', async () => {
  for (const more of [{ code_verifier: 'x'.repeat(43) }, { redirect_uri: 'https://app.example.com/other' }]) {
    const pkce = createPkce();
    const { account, code } = await getCode(pkce);
    await expectRefused(await exchange(bot, code, pkce, more));
    await expectRefused(await exchange(bot, code, pkce));
    assert.deepEqual(await sessionsOf(account.user.id), []);
  }
});

test('a code that is used twice ends the session it gave, with whatever it was kept known by', async () => {
  const pkce = createPkce();
  const { account, code } = await getCode(pkce);
  const { refresh_token } = await expectJson<Tokens>(await exchange(bot, code, pkce), 200);
  await expectRefused(await exchange(bot, code, pkce));
  assert.deepEqual(await sessionsOf(account.user.id), [{ revoked: true }]);
  const body = { refresh_token };
  await expectProblem(await bot.send('POST', '/v1/auth/refresh', { body }), 'refresh-token-invalid');
  const events = await sql<{ event: string }>`
    select event from audit_events where user_id = ${account.user.id} order by occurred_at, id`;
  assert.equal(events.at(-1)?.event, 'session.code_reused');
});

test('who has nothing but a code that was used ends no session by it', async () => {
  const pkce = createPkce();
  const { account, code } = await getCode(pkce);
  const { access_token } = await expectJson<Tokens>(await exchange(bot, code, pkce), 200);
  await expectRefused(await exchange(bot, code, createPkce()));
  assert.deepEqual(await sessionsOf(account.user.id), [{ revoked: false }]);
  await expectJson(await readMe(access_token), 200);
});

test('fifty exchanges of one code at once give one session, which the others end', async () => {
  const pkce = createPkce();
  const { account, code } = await getCode(pkce);
  const responses = await Promise.all(Array.from({ length: 50 }, () => exchange(bot, code, pkce)));
  const statuses = responses.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, ...Array<number>(49).fill(400)]);
  assert.deepEqual(await sessionsOf(account.user.id), [{ revoked: true }]);
});

test('a code is good for a minute', async () => {
  const pkce = createPkce();
  const { account, code } = await getCode(pkce);
  await sql`update magic_links set expires_at = now() where user_id = ${account.user.id} and purpose = 'authorization'`;
  await expectRefused(await exchange(bot, code, pkce));
  assert.deepEqual(await sessionsOf(account.user.id), []);
});

test('whatever ends the waiting verifications of an account ends its codes', async () => {
  const password = 'correct horse battery staple';
  const ends: Readonly<Record<string, (account: Awaited<ReturnType<typeof ask>>) => Promise<unknown>>> = {
    'signing out': ({ refresh_token }) => bot.send('POST', '/v1/auth/logout', { body: { refresh_token } }),
    'ending the other sessions': ({ access_token }) =>
      bot.send('DELETE', '/v1/sessions', { token: access_token }),
    'a new password': ({ access_token }) =>
      bot.send('POST', '/v1/auth/password/change', {
        token: access_token,
        body: { current_password: password, new_password: 'another good password' },
      }),
    'a reset password': async ({ email }) => {
      await bot.send('POST', '/v1/auth/password/forgot', { body: { email } });
      const { token } = await lastEmail(bot, email, 'password-reset');
      return bot.send('POST', '/v1/auth/password/reset', {
        body: { token, new_password: 'another good password' },
      });
    },
    'another address': async ({ email, access_token }) => {
      const next = `next-${email}`;
      await bot.send('POST', '/v1/auth/email/change', {
        token: access_token,
        body: { email: next, password },
      });
      const { token } = await lastEmail(bot, next, 'email-change');
      return bot.send('POST', '/v1/auth/email/confirm', { token: access_token, body: { token } });
    },
    'deleting the account': ({ access_token }) =>
      bot.send('DELETE', '/v1/me', { token: access_token, body: { password } }),
  };
  for (const [what, end] of Object.entries(ends)) {
    const pkce = createPkce();
    const account = await ask(pkce);
    // An address that is proven for the first time would lose its password and its sessions to the link.
    await sql`update users set email_verified_at = now() where id = ${account.user.id}`;
    const { code } = toCallback(await confirmLink(bot, account.email));
    await end(account);
    await expectRefused(await exchange(bot, code, pkce));
    assert.deepEqual(await sessionsOf(account.user.id), [], what);
  }
});

test('a form that is not one of ours is refused as clients of OAuth expect', async () => {
  const pkce = createPkce();
  const send = (body: string) =>
    bot.send('POST', '/v1/auth/token', {
      body,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
  for (const [fields, pointers] of [
    [{ grant_type: '' }, ['#/grant_type']],
    [{ code: '' }, ['#/code']],
    [{ code_verifier: '' }, ['#/code_verifier']],
    [{ code_verifier: 'x'.repeat(42) }, ['#/code_verifier']],
    [{ code_verifier: 'x'.repeat(129) }, ['#/code_verifier']],
    [{ code_verifier: `${'x'.repeat(43)}+` }, ['#/code_verifier']],
    [{ redirect_uri: '' }, ['#/redirect_uri']],
  ] as const) {
    const { errors } = await expectRefused(await exchange(bot, 'a code', pkce, fields), 'invalid_request');
    assert.deepEqual(
      errors?.map(({ pointer }) => pointer),
      pointers,
    );
  }
  const whole = `grant_type=authorization_code&code=a&code_verifier=${pkce.verifier}&redirect_uri=${appAddress}`;
  await expectRefused(await send(whole));
  await expectRefused(await send(`${whole}&code=a`), 'invalid_request');
  for (const grant_type of ['password', 'refresh_token', 'Authorization_Code']) {
    const response = await exchange(bot, 'a code', pkce, { grant_type });
    const document = await expectProblem(response, 'grant-type-unsupported');
    assert.equal(Reflect.get(document, 'error'), 'unsupported_grant_type');
  }
});

test('what an app is called makes no difference, nor does a parameter that nobody knows', async () => {
  const pkce = createPkce();
  const { code } = await getCode(pkce);
  const more = { client_id: 'https://app.example.com', resource: 'https://api.example.com', audience: '' };
  await expectJson(await exchange(bot, code, pkce, more), 200);
});

test('the device token that an app has kept is renewed by the exchange', async () => {
  const pkce = createPkce();
  const account = await ask(pkce);
  await sql`update users set email_verified_at = now() where id = ${account.user.id}`;
  const login = await bot.send('POST', '/v1/auth/login', {
    body: { email: account.email, password: account.password },
  });
  const { device_token } = await expectJson<Tokens>(login, 200);
  const { code } = toCallback(await confirmLink(bot, account.email));
  const renewed = await expectJson<Tokens>(await exchange(bot, code, pkce, { device_token }), 200);
  const nonceOf = (token: string) => Buffer.from(token, 'base64url').subarray(6, 22).toString('hex');
  assert.notEqual(renewed.device_token, device_token);
  assert.equal(nonceOf(renewed.device_token), nonceOf(device_token));
});

test('clients of OAuth, which read no other media type, are refused in JSON', async () => {
  const pkce = createPkce();
  for (const [fields, error] of [
    [{}, 'invalid_grant'],
    [{ code: '' }, 'invalid_request'],
    [{ grant_type: 'password' }, 'unsupported_grant_type'],
  ] as const) {
    const request = { headers: { Accept: 'application/json' } };
    const response = await exchange(bot, 'a code', pkce, fields, request);
    assert.equal(response.headers.get('content-type'), 'application/json');
    assert.equal((await expectJson<{ error: string }>(response, 400)).error, error);
  }
});

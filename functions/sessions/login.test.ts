import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { Outage } from '../../db/outage.ts';
import { scrypt } from '../../lib/security/scrypt.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import login from './login.ts';

const bot = await startBlockbot();
// The same limits, and a database that is away.
const away = () => Promise.reject(new Outage('ECONNREFUSED', 'Postgres is away'));
const cutOff = await startBlockbot({
  rateLimits: bot.services.rateLimits,
  database: { sql: away, transaction: away },
});
const path = '/v1/auth/login';
const signIn = (body: object, address?: string) =>
  bot.send('POST', path, { body, ...(address !== undefined && { address }) }, login);

interface TokenPair {
  readonly access_token: string;
  readonly refresh_token: string;
}

test('login answers a token pair whose access token names user, session, organization and role', async () => {
  const { email, password, user, organization } = await bot.register();
  const pair = await expectJson<TokenPair>(await signIn({ email: email.toUpperCase(), password }), 200);
  const members = ['access_token', 'token_type', 'expires_in', 'refresh_token', 'device_token'];
  assert.deepEqual(Object.keys(pair), members);
  assert.equal(decodeProtectedHeader(pair.access_token).typ, 'at+jwt');
  const { sub, org, role, amr, iss, aud, iat = 0, exp = 0, sid } = decodeJwt(pair.access_token);
  assert.deepEqual(
    { sub, org, role, amr, iss, aud },
    {
      sub: user.id,
      org: organization.id,
      role: 'owner',
      amr: ['pwd'],
      iss: 'https://api.example.com',
      aud: 'https://api.example.com',
    },
  );
  assert.equal(exp - iat, 900);
  assert.match(String(sid), /^[0-9a-f-]{36}$/);
});

test('login sends two statements', async () => {
  const { email, password } = await bot.register();
  bot.countStatements();
  await expectJson(await signIn({ email, password }), 200);
  assert.equal(bot.countStatements(), 2);
});

test('a sign-in wakes the outbox for the email about its device, and for nothing else', async () => {
  const { email, password } = await bot.register();
  let wakes = 0;
  const outbox = { ...bot.services.outbox, wake: () => void wakes++ };
  const signInAs = (userAgent: string) => {
    const headers = { 'Content-Type': 'application/json', 'User-Agent': userAgent };
    const init = { method: 'POST', headers, body: JSON.stringify({ email, password }) };
    return Promise.resolve(login.request('/v1/auth/login', init, { ...bot.services, outbox }));
  };
  await expectJson(await signInAs('a new device'), 200);
  assert.equal(wakes, 1);
  await expectJson(await signInAs('a new device'), 200);
  assert.equal(wakes, 1);
});

test('a wrong password, an unknown address and an account without a password get one answer', async () => {
  const { email } = await bot.register();
  const linkOnly = await bot.register();
  await bot.database.sql`update users set password_hash = null where id = ${linkOnly.user.id}`;
  const answers = [];
  for (const candidate of [email, 'nobody@nowhere.example', linkOnly.email]) {
    const response = await signIn({ email: candidate, password: 'not the password' });
    const headers = [...response.headers].filter(([name]) => name !== 'x-request-id');
    const { request_id, ...document } = await expectProblem(response, 'invalid-credentials');
    assert.ok(request_id);
    answers.push({ headers, document });
  }
  assert.deepEqual(answers[1], answers[0]);
  assert.deepEqual(answers[2], answers[0]);
});

test('ten bad tries by a stranger do not lock the owner out', async () => {
  const { email, password } = await bot.register();
  for (let i = 0; i < 10; i++) {
    await expectProblem(
      await signIn({ email, password: `guess ${i}` }, '203.0.113.5'),
      'invalid-credentials',
    );
  }
  await expectProblem(await signIn({ email, password: 'guess 11' }, '203.0.113.5'), 'quota-exceeded');
  await expectJson(await signIn({ email, password }, '203.0.113.6'), 200);
});

test('how many passwords of an account failed is told to nobody who tries one', async () => {
  const { email } = await bot.register();
  for (const address of ['203.0.113.10', '203.0.113.11']) {
    const { headers } = await signIn({ email, password: 'not the password' }, address);
    assert.match(headers.get('ratelimit') ?? '', /^"auth";r=9;t=\d+, "volume";r=99;t=\d+$/);
    assert.match(headers.get('ratelimit-policy') ?? '', /"account";q=100;w=3600/);
  }
});

test('however long a stranger goes on at one address, the owner is not locked out', async () => {
  const { email, password } = await bot.register();
  for (let i = 0; i < 150; i++) await signIn({ email, password: `guess ${i}` }, '203.0.113.8');
  await expectJson(await signIn({ email, password }, '203.0.113.9'), 200);
});

test('passwords that could not be looked at are no failed ones', async () => {
  const { email, password } = await bot.register();
  for (let i = 0; i < 105; i++) {
    const response = await cutOff.send('POST', path, { body: { email, password } }, login);
    await expectProblem(response, 'service-unavailable');
  }
  await expectJson(await signIn({ email, password }), 200);
});

test('a hundred failed passwords an hour are the most an account takes, from however many addresses', async () => {
  const { email, password } = await bot.register();
  for (let i = 0; i < 3; i++) await expectJson(await signIn({ email, password }), 200);
  const guesses = Array.from({ length: 105 }, (_, i) => signIn({ email, password: `guess ${i}` }));
  const statuses = (await Promise.all(guesses)).map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 401).length, 100);
  const refused = await expectProblem(await signIn({ email, password: 'one more' }), 'quota-exceeded');
  assert.deepEqual(refused['violated-policies'], ['account']);
});

test('an account with a hash of another host signs in, and its approved form stays', async () => {
  const { email, password, user } = await bot.register();
  const phc = await scrypt.hash(password);
  await bot.database.sql`update users set password_hash = ${phc} where id = ${user.id}`;
  await expectJson(await signIn({ email, password }), 200);
  const [row] = await bot.database.sql<{ passwordHash: string }>`
    select password_hash from users where id = ${user.id}`;
  assert.equal(row?.passwordHash, phc);
});

test('a hash of cheaper costs is made anew at the next login', async () => {
  const { email, password, user } = await bot.register();
  const { hash } = await import('@node-rs/argon2');
  const cheap = await hash(password, { memoryCost: 4096, timeCost: 2, parallelism: 1 });
  await bot.database.sql`update users set password_hash = ${cheap} where id = ${user.id}`;
  await expectJson(await signIn({ email, password }), 200);
  const [row] = await bot.database.sql<{ passwordHash: string }>`
    select password_hash from users where id = ${user.id}`;
  assert.match(row?.passwordHash ?? '', /^\$argon2id\$v=19\$m=19456,/);
  await expectJson(await signIn({ email, password }), 200);
});

test('a login sweeps the dead sessions of its account and leaves the live ones', async () => {
  const { email, password, user } = await bot.register();
  await expectJson(await signIn({ email, password }), 200);
  await bot.database.sql`
    update refresh_tokens set expires_at = now() where id =
      (select id from refresh_tokens where user_id = ${user.id} order by id limit 1)`;
  await expectJson(await signIn({ email, password }), 200);
  const rows = await bot.database.sql`select id from refresh_tokens where user_id = ${user.id}`;
  assert.equal(rows.length, 2);
});

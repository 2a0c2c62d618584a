import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectJson, expectProblem } from '../../test/support/responses.ts';
import { type Registered, startBlockbot } from '../../test/support/blockbot.ts';
import login from '../sessions/login.ts';
import register from './register.ts';

const bot = await startBlockbot();
const verifying = await startBlockbot({
  settings: { ...bot.services.settings, requireEmailVerification: true },
});
const path = '/v1/auth/register';
const password = 'correct horse battery staple';

test('register answers 201 with a token pair, the user and the organization', async () => {
  const body = {
    email: ' Ada@Example.com ',
    password,
    name: 'Ada Lovelace',
    organization_name: 'Analytical Engines & Söhne',
  };
  const response = await bot.send('POST', path, { body }, register);
  const answer = await expectJson<Record<string, unknown>>(response, 201);
  const { id, created_at, ...user } = answer.user as Record<string, unknown>;
  assert.deepEqual(user, {
    email: 'ada@example.com',
    name: 'Ada Lovelace',
    locale: 'en',
    email_verified: false,
  });
  assert.match(String(id), /^[0-9a-f-]{36}$/);
  assert.ok(Math.abs(Date.parse(String(created_at)) - Date.now()) < 60_000);
  const { slug, name, role } = answer.organization as Record<string, unknown>;
  assert.deepEqual({ name, role }, { name: 'Analytical Engines & Söhne', role: 'owner' });
  assert.match(String(slug), /^analytical-engines-sohne-[0-9a-f]{10}$/);
  const { token_type, expires_in } = answer;
  assert.deepEqual({ token_type, expires_in }, { token_type: 'Bearer', expires_in: 900 });
  assert.equal(response.headers.get('cache-control'), 'no-store');
});

test('register names the organization after the person, or after the address where no name is given', async () => {
  const named = await bot.register({ name: 'Grace Hopper' });
  assert.equal(named.organization.name, 'Grace Hopper');
  const unnamed = await bot.register({ email: 'nobody@example.com' });
  assert.equal(unnamed.organization.name, 'nobody');
});

test('register refuses an address that has an account with 409, however it is spelled, and makes nothing', async () => {
  const { email } = await bot.register();
  const before = await countRows();
  const body = { email: email.toUpperCase(), password };
  await expectProblem(await bot.send('POST', path, { body }, register), 'email-taken');
  assert.deepEqual(await countRows(), before);
});

test('an address under a host of another script is one account, however it is written', async () => {
  const body = { email: 'Ada&Eve@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444', password };
  const { user } = await expectJson<Registered>(await bot.send('POST', path, { body }, register), 201);
  const [row] = await bot.database.sql<{ email: string }>`select email from users where id = ${user.id}`;
  assert.equal(row?.email, 'ada&eve@xn--e1afmkfd.xn--p1ai');
  for (const email of [body.email, row.email]) {
    await expectJson(await bot.send('POST', '/v1/auth/login', { body: { email, password } }, login), 200);
  }
});

test('register refuses what others would try first, known address or not, and makes nothing', async () => {
  const before = await countRows();
  for (const common of [
    'password',
    '12345678',
    'aaaaaaaa',
    'blockbot1',
    'Countess',
    'new-countess',
    'example2026',
  ]) {
    const body = { email: 'new-countess@example.com', password: common, name: 'Ada Countess' };
    const { errors } = await expectProblem(await bot.send('POST', path, { body }, register), 'invalid-input');
    assert.deepEqual(
      errors?.map(({ pointer, code }) => [pointer, code]),
      [['#/password', 'too-common']],
      common,
    );
  }
  assert.deepEqual(await countRows(), before);
});

test('register refuses a breached password where the host knows it', async () => {
  const { passwords } = bot.services;
  const asked: string[] = [];
  const careful = await startBlockbot({
    passwords: {
      ...passwords,
      isBreached: async (candidate) => {
        asked.push(candidate);
        return candidate !== password;
      },
    },
  });
  const body = { email: 'new@example.com', password: 'a breached password' };
  const { errors } = await expectProblem(
    await careful.send('POST', path, { body }, register),
    'invalid-input',
  );
  assert.deepEqual(
    errors?.map(({ pointer, code }) => [pointer, code]),
    [['#/password', 'breached']],
  );
  await expectJson(await careful.send('POST', path, { body: { ...body, password } }, register), 201);
  await expectJson(await careful.send('POST', '/v1/auth/login', { body: { ...body, password } }, login), 200);
  assert.deepEqual(asked, ['a breached password', password], 'and nobody is asked at a sign-in');
});

test('an account with a password that is refused today signs in as ever', async () => {
  const { email, user } = await bot.register();
  const hash = await bot.services.passwords.hash('iloveyou');
  await bot.database.sql`update users set password_hash = ${hash} where id = ${user.id}`;
  await expectJson(
    await bot.send('POST', '/v1/auth/login', { body: { email, password: 'iloveyou' } }, login),
    200,
  );
});

test('twenty registrations of one address at once make one account', async () => {
  const body = { email: 'race@example.com', password };
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => bot.send('POST', path, { body }, register)),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, ...Array<number>(19).fill(409)]);
});

test('where addresses must be verified, a new and a taken address get the same 202', async () => {
  const body = { email: 'new@example.com', password };
  const answers = [
    await verifying.send('POST', path, { body, address: '192.0.2.7' }, register),
    await verifying.send('POST', path, { body, address: '192.0.2.8' }, register),
  ];
  const [first, second] = await Promise.all(
    answers.map(async (answer) => ({
      status: answer.status,
      // The binding is random, and as long for everybody.
      body: (await answer.text()).replace(/"binding":"[\w-]{43}"/, ''),
      headers: [...answer.headers].filter(([name]) => name !== 'x-request-id'),
    })),
  );
  assert.equal(first?.status, 202);
  assert.deepEqual(first, second);
});

test('an account that is not verified yet can not sign in where it must be, and only its owner is told so', async () => {
  const body = { email: 'unverified@example.com', password };
  await expectJson(await verifying.send('POST', path, { body }, register), 202);
  await expectProblem(await verifying.send('POST', '/v1/auth/login', { body }, login), 'email-unverified');
  const wrong = { ...body, password: 'a wrong password' };
  await expectProblem(
    await verifying.send('POST', '/v1/auth/login', { body: wrong }, login),
    'invalid-credentials',
  );
});

test('register stores the password as an Argon2id PHC string and writes the audit trail', async () => {
  const { user } = await bot.register();
  const [row] = await bot.database.sql<{ passwordHash: string }>`
    select password_hash from users where id = ${user.id}`;
  assert.match(row?.passwordHash ?? '', /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const events = await bot.database.sql<{ event: string }>`
    select event from audit_events where user_id = ${user.id} order by event`;
  assert.deepEqual(
    events.map(({ event }) => event),
    ['account.registered', 'session.started'],
  );
});

async function countRows() {
  const [counts] = await bot.database.sql<Record<string, string>>`
    select (select count(*) from users) as users, (select count(*) from organizations) as organizations,
      (select count(*) from memberships) as memberships, (select count(*) from refresh_tokens) as sessions`;
  return counts;
}

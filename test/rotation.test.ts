/** What a rotation of TOKEN_SECRET does to what was made before it: by routers of one database that hold other secrets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRouter } from '../hosts/core/router.ts';
import { createKeyring, type Keyring } from '../lib/core/keyring.ts';
import { verifyDeviceToken } from '../lib/http/device-token.ts';
import { createSender } from '../lib/mail/sender.ts';
import { parseRefreshToken } from '../lib/security/refresh-token.ts';
import { functions, startBlockbot, type TestBlockbot } from './support/blockbot.ts';
import { formHeaders, userAgents } from './support/browser.ts';
import { captureEmails } from './support/captured-emails.ts';
import { expectJson, expectProblem } from './support/responses.ts';

const old = 'the secret of before the rotation, thirty and more';
const next = 'the secret of after the rotation, thirty and more';
const password = 'correct horse battery staple';
const firefox: Readonly<Record<string, string>> = { 'User-Agent': userAgents.firefox };

const bot = await startBlockbot({ keyring: createKeyring([old]) });

/** Another process on the same database. */
function routerWith(...secrets: readonly string[]) {
  const keyring = createKeyring(secrets);
  const app = createRouter(functions.values());
  const send: TestBlockbot['send'] = (method, path, request) =>
    bot.send(method, path, request, {
      ...app,
      request: (url, init, env) => app.request(url, init, { ...env, keyring }),
    });
  return { keyring, send };
}

const rotated = routerWith(next, old);
const careless = routerWith(next);

interface SignedIn {
  readonly refresh_token: string;
  readonly device_token: string;
}

const signIn = async (send: TestBlockbot['send'], email: string, deviceToken?: string, headers = firefox) =>
  expectJson<SignedIn>(
    await send('POST', '/v1/auth/login', {
      body: { email, password, ...(deviceToken !== undefined && { device_token: deviceToken }) },
      headers,
    }),
    200,
  );
const refresh = (send: TestBlockbot['send'], refresh_token: string, headers = firefox) =>
  send('POST', '/v1/auth/refresh', { body: { refresh_token }, headers });

/** What waits, sent by a process that holds this keyring. */
async function deliverBy(keyring: Keyring) {
  const transport = captureEmails();
  const { log, settings } = bot.services;
  const sender = createSender({
    database: bot.database,
    transport,
    keyring,
    publicUrl: settings.publicUrl,
    log,
  });
  const delivery = await sender.deliver();
  return { ...delivery, emails: transport.emails };
}

test('a refresh token of before the rotation gets a successor under the new secret', async () => {
  const { refresh_token } = await bot.register();
  assert.equal(parseRefreshToken(refresh_token, careless.keyring), undefined);
  const answer = await expectJson<SignedIn>(await refresh(rotated.send, refresh_token), 200);
  assert.ok(parseRefreshToken(answer.refresh_token, careless.keyring));
  // The old secret may go now, as far as this session is concerned.
  await expectJson(await refresh(careless.send, answer.refresh_token), 200);
});

test('a retry of a lost answer is no doubtful one because the secret was rotated in between', async () => {
  const { email } = await bot.register();
  const { refresh_token } = await signIn(bot.send, email);
  await expectJson(await refresh(bot.send, refresh_token), 200);
  await expectJson(await refresh(rotated.send, refresh_token), 200);
  const doubtful = async () => {
    const { sessionId = '' } = parseRefreshToken(refresh_token, rotated.keyring) ?? {};
    const [row] = await bot.database.sql<{ doubted: boolean }>`
      select late_generation is not null as doubted from refresh_tokens where id = ${sessionId}`;
    return row?.doubted;
  };
  assert.equal(await doubtful(), false);
  await expectJson(await refresh(rotated.send, refresh_token, { 'User-Agent': userAgents.safari }), 200);
  assert.equal(await doubtful(), true);
});

test('a device token of before the rotation is renewed with its nonce', async () => {
  const { email } = await bot.register();
  const held = await signIn(bot.send, email);
  const nonceOf = (token: string, keyring: Keyring) => verifyDeviceToken(token, email, keyring)?.nonce;
  const nonce = nonceOf(held.device_token, rotated.keyring);
  assert.ok(nonce);
  const renewed = await signIn(rotated.send, email, held.device_token);
  assert.equal(nonceOf(renewed.device_token, careless.keyring), nonce);
  const another = await signIn(careless.send, email, held.device_token);
  assert.notEqual(nonceOf(another.device_token, careless.keyring), nonce);
});

test('a device that was known before the rotation is no new one after it, and is known without the old secret then', async () => {
  const { email } = await bot.register();
  const newDevices = async () => {
    const rows = await bot.database.sql`
      select from outbox join users on users.id = outbox.user_id where email = ${email} and letter = 'new-device'`;
    return rows.length;
  };
  await signIn(bot.send, email);
  const before = await newDevices();
  await signIn(rotated.send, email);
  await signIn(careless.send, email);
  assert.equal(await newDevices(), before);
  await signIn(careless.send, email, undefined, { 'User-Agent': userAgents.safari });
  assert.equal(await newDevices(), before + 1);
});

test('a code that was mailed before the rotation signs in after it, and not once its secret is gone', async () => {
  for (const [router, isGood] of [
    [rotated, true],
    [careless, false],
  ] as const) {
    const { email } = await bot.register();
    const request = await bot.send('POST', '/v1/auth/magic-link', { body: { email } });
    const { binding } = await expectJson<{ binding: string }>(request, 202);
    const { emails } = await deliverBy(bot.services.keyring);
    const { code = '' } = emails.findLast(({ to, code: sent }) => to === email && sent !== '') ?? {};
    assert.match(code, /^\d{6}$/);
    const wrong = code === '000000' ? '000001' : '000000';
    const send = (tried: string) =>
      router.send('POST', '/v1/auth/magic-link/verify', { body: { email, code: tried, binding } });
    await expectProblem(await send(wrong), 'verification-invalid');
    if (isGood) await expectJson(await send(code), 200);
    else await expectProblem(await send(code), 'verification-invalid');
  }
});

test('an email that waited before the rotation is sent after it', async () => {
  await deliverBy(bot.services.keyring);
  const { email } = await bot.register();
  const { sent, dead, emails } = await deliverBy(rotated.keyring);
  assert.deepEqual([sent, dead, emails.map(({ to }) => to)], [1, 0, [email]]);
});

test('two routers, of which one has the new secret in front and one at the end, take each other’s tokens and emails', async () => {
  const behind = routerWith(old, next);
  const { email } = await bot.register();
  for (const [first, second] of [
    [behind, rotated],
    [rotated, behind],
  ] as const) {
    const { refresh_token, device_token } = await signIn(first.send, email);
    const answer = await expectJson<SignedIn>(await refresh(second.send, refresh_token), 200);
    await expectJson(await refresh(first.send, answer.refresh_token), 200);
    assert.ok(verifyDeviceToken(device_token, email, second.keyring));
    await deliverBy(rotated.keyring);
    await expectJson(await first.send('POST', '/v1/auth/magic-link', { body: { email } }), 202);
    const { sent, dead } = await deliverBy(second.keyring);
    assert.deepEqual([sent, dead], [1, 0]);
  }
});

test('an old secret that is taken out too early is named in the log, and people are asked to sign in', async () => {
  await deliverBy(rotated.keyring);
  const { email, refresh_token } = await bot.register();
  await expectProblem(await refresh(careless.send, refresh_token), 'refresh-token-invalid');
  const page = await careless.send('GET', '/account', {
    headers: { Cookie: `__Host-session=${refresh_token}` },
  });
  assert.equal(page.status, 303);
  assert.match(page.headers.get('location') ?? '', /^\/auth\/sign-in\?notice=session-ended/);
  const form = { body: '', headers: { ...formHeaders, Cookie: `__Host-session=${refresh_token}` } };
  assert.equal((await careless.send('POST', '/account/sign-out', form)).status, 303);
  const { sent, dead } = await deliverBy(careless.keyring);
  assert.deepEqual([sent, dead], [0, 1]);
  const reason = `sealed under a secret that is not in TOKEN_SECRET (${bot.services.keyring.newest.id})`;
  const rows = await bot.database.sql<{ lastError: string }>`
    select last_error from outbox where recipient = ${email}`;
  assert.deepEqual(rows, [{ lastError: reason }]);
  const told = bot.logLines.filter((line) => line.includes('"email given up"')).at(-1) ?? '';
  assert.ok(told.includes(reason), told);
  assert.deepEqual(
    bot.logLines.filter((line) => line.includes('"request failed"')),
    [],
  );
});

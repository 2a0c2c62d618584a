/** How long a device token counts, and how much its holders may do together. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createDeviceToken, verifyDeviceToken } from '../../lib/http/device-token.ts';
import { account, mailbox, volume } from '../../lib/rate-limit/policies.ts';
import { startBlockbot, type Registered } from '../../test/support/blockbot.ts';
import { createBrowser } from '../../test/support/browser.ts';
import { lastEmail } from '../../test/support/mailed.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();
const { keyring, rateLimits } = bot.services;

interface SignedIn {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly device_token: string;
}

type Credentials = Pick<Registered, 'email' | 'password'>;

const post = (path: string, body: object, more: object = {}) => bot.send('POST', path, { body, ...more });
const login = ({ email, password }: Credentials, device_token?: string, address?: string) =>
  post('/v1/auth/login', { email, password, device_token }, address === undefined ? {} : { address });
const signIn = async (person: Credentials, device_token?: string) =>
  expectJson<SignedIn>(await login(person, device_token), 200);
const verifyAddress = ({ user }: Registered) =>
  bot.database.sql`update users set email_verified_at = now() where id = ${user.id}`;
const nonceOf = (token: string | undefined, email: string) => verifyDeviceToken(token, email, keyring)?.nonce;

/** As if strangers had tried that many wrong passwords for the address. */
const useUp = (email: string, failures: number = account.limit) =>
  rateLimits.take([{ policy: account, key: `mailbox:${email}`, id: crypto.randomUUID(), cost: failures }]);

async function signInByLink(email: string, more: object = {}) {
  await post('/v1/auth/magic-link', { email });
  const { token } = (await bot.emails(email)).at(-1) ?? {};
  return expectJson<SignedIn>(await post('/v1/auth/magic-link/verify', { token, ...more }), 200);
}

suite('a device token', () => {
  test('keeps its nonce at each further sign-in, by password, by link and in a browser', async () => {
    const person = await bot.register();
    await verifyAddress(person);
    const { email } = person;
    const { device_token } = await signIn(person);
    const nonce = nonceOf(device_token, email);
    const again = await signIn(person, device_token);
    assert.equal(nonceOf(again.device_token, email), nonce);
    const linked = await signInByLink(email, { device_token });
    assert.equal(nonceOf(linked.device_token, email), nonce);
    assert.notEqual(nonceOf((await signIn(person)).device_token, email), nonce);
    const browser = createBrowser(bot);
    await browser.submit('/auth/sign-in', { email, password: person.password });
    const first = nonceOf(browser.cookies.get('__Host-device'), email);
    await browser.submit('/auth/sign-in', { email, password: person.password });
    assert.ok(first !== undefined && nonceOf(browser.cookies.get('__Host-device'), email) === first);
  });

  test('that is good costs a sign-in no statement more', async () => {
    const person = await bot.register();
    const { device_token } = await signIn(person);
    bot.countStatements();
    await signIn(person);
    const without = bot.countStatements();
    await signIn(person, device_token);
    assert.equal(bot.countStatements(), without);
  });

  test('goes on to count when the address is verified with the account’s password', async () => {
    const person = await bot.register();
    const { device_token } = await signIn(person);
    const { token } = await lastEmail(bot, person.email, 'email-verification');
    const body = { token, password: person.password };
    await expectJson(await post('/v1/auth/email/verify', body), 200);
    await useUp(person.email);
    await expectJson(await login(person, device_token), 200);
  });

  test('is a stranger’s after ninety days', async () => {
    const person = await bot.register();
    const held = verifyDeviceToken((await signIn(person)).device_token, person.email, keyring);
    assert.ok(held);
    await useUp(person.email);
    const issuedAt = new Date(Date.now() - 90 * 86_400_000);
    const outdated = createDeviceToken({ ...held, issuedAt }, person.email, keyring);
    await expectProblem(await login(person, outdated), 'quota-exceeded');
    await expectJson(await login(person, createDeviceToken(held, person.email, keyring)), 200);
  });
});

const newPassword = 'another purple staple horse';

/** What a suspicious owner does, and what is then the password. */
const suspicions: Readonly<
  Record<string, (person: Registered, session: SignedIn) => Promise<{ password?: string; email?: string }>>
> = {
  'a reset password': async ({ email }) => {
    await post('/v1/auth/password/forgot', { email });
    const { token } = await lastEmail(bot, email, 'password-reset');
    const reset = await post('/v1/auth/password/reset', { token, new_password: newPassword });
    assert.equal(reset.status, 204);
    return { password: newPassword };
  },
  'a changed password': async ({ password }, { access_token: token }) => {
    const body = { current_password: password, new_password: newPassword };
    assert.equal((await post('/v1/auth/password/change', body, { token })).status, 204);
    return { password: newPassword };
  },
  'the end of all other sessions': async (_, { access_token: token }) => {
    assert.equal((await bot.send('DELETE', '/v1/sessions', { token })).status, 204);
    return {};
  },
  'a refresh token that was used twice': async (_, { refresh_token }) => {
    const refresh = (text: string) => post('/v1/auth/refresh', { refresh_token: text });
    const next = await expectJson<SignedIn>(await refresh(refresh_token), 200);
    await expectJson(await refresh(next.refresh_token), 200);
    await expectProblem(await refresh(refresh_token), 'refresh-token-reused');
    return {};
  },
  'a changed address': async ({ email, password }, { access_token: token }) => {
    const wanted = `new-${email}`;
    await post('/v1/auth/email/change', { email: wanted, password }, { token });
    const confirmation = await lastEmail(bot, wanted, 'email-change');
    const body = { token: confirmation.token };
    assert.equal((await post('/v1/auth/email/confirm', body, { token })).status, 204);
    return { email: wanted };
  },
};

suite('older device tokens count as strangers after', () => {
  for (const [what, suspect] of Object.entries(suspicions)) {
    test(what, async () => {
      const person = await bot.register();
      await verifyAddress(person);
      const session = await signIn(person);
      const { device_token } = await signIn(person);
      const now = { ...person, ...(await suspect(person, session)) };
      const renewed = await signIn(now, device_token);
      assert.notEqual(nonceOf(renewed.device_token, now.email), nonceOf(device_token, person.email));
      await useUp(now.email);
      await expectProblem(await login(now, device_token), 'quota-exceeded');
      await expectJson(await login(now, renewed.device_token), 200);
    });
  }

  test('a first sign-in by link or a verification by the owner of an address that a stranger registered', async () => {
    for (const [kind, path] of [
      ['sign-in', '/v1/auth/magic-link/verify'],
      ['email-verification', '/v1/auth/email/verify'],
    ] as const) {
      const person = await bot.register();
      const { device_token, email } = { ...(await signIn(person)), email: person.email };
      if (kind === 'sign-in') await post('/v1/auth/magic-link', { email });
      const { token } = await lastEmail(bot, email, kind);
      const owner = await expectJson<SignedIn>(await post(path, { token, device_token }), 200);
      assert.notEqual(nonceOf(owner.device_token, email), nonceOf(device_token, email));
      const body = { new_password: newPassword };
      await post('/v1/auth/password/change', body, { token: owner.access_token });
      const mine = await signIn({ email, password: newPassword }, owner.device_token);
      await useUp(email);
      await expectProblem(await login({ email, password: newPassword }, device_token), 'quota-exceeded');
      await expectJson(await login({ email, password: newPassword }, mine.device_token), 200);
    }
  });

  test('the account is deleted, or another has its address', async () => {
    const person = await bot.register();
    const { device_token, access_token: token } = await signIn(person);
    const { password } = person;
    await bot.send('DELETE', '/v1/me', { body: { password }, token });
    await useUp(person.email);
    await expectProblem(await login(person, device_token), 'quota-exceeded');
    await rateLimits.reset(account, `mailbox:${person.email}`);
    await bot.register({ email: person.email });
    await useUp(person.email);
    await expectProblem(await login(person, device_token), 'quota-exceeded');
  });
});

suite('whoever holds outdated device tokens', () => {
  test('spends what strangers have, in passwords and in emails', async () => {
    const person = await bot.register();
    await verifyAddress(person);
    const { email } = person;
    const held = [await signIn(person), await signIn(person), await signIn(person)];
    const { access_token: token } = await signIn(person);
    await bot.send('DELETE', '/v1/sessions', { token });
    await useUp(email, account.limit - 2);
    const guess = { email, password: 'not the password' };
    for (const { device_token } of held.slice(1))
      await expectProblem(await login(guess, device_token), 'invalid-credentials');
    await expectProblem(await login(guess, held[0]?.device_token), 'quota-exceeded');
    await expectProblem(await login(person), 'quota-exceeded');
    for (const path of ['/v1/auth/magic-link', '/v1/auth/password/forgot'])
      for (const { device_token } of held)
        for (let nth = 0; nth < 6; nth++) await post(path, { email, device_token });
    // With the one that registering has sent.
    assert.equal((await bot.emails(email)).length, mailbox.limit);
  });

  test('is refused without spending what their address may fail', async () => {
    const person = await bot.register();
    await verifyAddress(person);
    const { device_token, access_token: token } = await signIn(person);
    await bot.send('DELETE', '/v1/sessions', { token });
    await useUp(person.email);
    const address = '203.0.113.77';
    for (let nth = 0; nth < 12; nth++) {
      const refused = await expectProblem(await login(person, device_token, address), 'quota-exceeded');
      assert.deepEqual(refused['violated-policies'], ['account']);
    }
    await rateLimits.reset(account, `mailbox:${person.email}`);
    await expectJson(await login(person, device_token, address), 200);
  });

  test('asks the database no more often than their address may sign in', async () => {
    const person = await bot.register();
    const { device_token, access_token: token } = await signIn(person);
    await bot.send('DELETE', '/v1/sessions', { token });
    await useUp(person.email);
    bot.countStatements();
    for (let nth = 0; nth < volume.limit + 20; nth++) {
      await expectProblem(await login(person, device_token, '203.0.113.78'), 'quota-exceeded');
    }
    assert.equal(bot.countStatements(), volume.limit);
  });
});

test('all device tokens of an address together have three times what one has', async () => {
  const person = await bot.register();
  await verifyAddress(person);
  const { email } = person;
  const held = [];
  for (let nth = 0; nth < 5; nth++) held.push(await signIn(person));
  const before = (await bot.emails(email)).length;
  for (const { device_token } of held)
    for (let nth = 0; nth < 6; nth++) await post('/v1/auth/magic-link', { email, device_token });
  assert.equal((await bot.emails(email)).length, before + 15);
  const ofDevices = { ...account, limit: 3 * account.limit };
  const id = crypto.randomUUID();
  await rateLimits.take([{ policy: ofDevices, key: `devices:${email}`, id, cost: 299 }]);
  const guess = { email, password: 'not the password' };
  await expectProblem(await login(guess, held[0]?.device_token), 'invalid-credentials');
  await expectProblem(await login(guess, held[1]?.device_token), 'quota-exceeded');
  await expectJson(await login(person), 200);
});

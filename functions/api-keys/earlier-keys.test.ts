/** API keys of an account whose address nobody had proven, once its owner comes: whoever made them may be somebody else. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { makeApiKey, readOwnKey } from '../../test/support/api-keys.ts';
import { startOtherProcess } from '../../test/support/api-key-row.ts';
import { type Registered, startBlockbot } from '../../test/support/blockbot.ts';
import { holdLock, untilWaiting } from '../../test/support/held-lock.ts';
import { inviteByEmail, verify } from '../../test/support/invitations.ts';
import { lastEmail } from '../../test/support/mailed.ts';

const bot = await startBlockbot();
const post = (path: string, body: object) => bot.send('POST', path, { body });

const comes = {
  async 'signs in by a link'({ email }: Registered) {
    await post('/v1/auth/magic-link', { email });
    const { token } = await lastEmail(bot, email, 'sign-in');
    return post('/v1/auth/magic-link/verify', { token });
  },
  async 'sets a password by a link'({ email }: Registered) {
    await post('/v1/auth/password/forgot', { email });
    const { token } = await lastEmail(bot, email, 'password-reset');
    return post('/v1/auth/password/reset', { token, new_password: 'another good password' });
  },
  async 'confirms the address elsewhere'({ email }: Registered) {
    const { token } = await lastEmail(bot, email, 'email-verification');
    return post('/v1/auth/email/verify', { token });
  },
  async 'accepts an invitation'({ email }: Registered) {
    const owner = await bot.register();
    await verify(bot, owner);
    const path = `/v1/organizations/${owner.organization.id}`;
    const { token } = await inviteByEmail(bot, { path, token: owner.access_token, email });
    return post('/v1/invitations/accept', { token });
  },
};

const makeKeys = async (account: Registered) => {
  const path = `/v1/organizations/${account.organization.id}`;
  const own = await makeApiKey(bot, account, path, { expires_in_days: null });
  const personal = await makeApiKey(bot, account, path, { personal: true });
  return [own.key, personal.key];
};

const statuses = (keys: readonly string[], ask: (key: string) => Promise<Response>) =>
  Promise.all(keys.map(async (key) => (await ask(key)).status));

suite('API keys of before open nothing, in any process, after the owner of the address', () => {
  for (const [what, come] of Object.entries(comes)) {
    test(what, async () => {
      const account = await bot.register();
      const keys = await makeKeys(account);
      const elsewhere = startOtherProcess(bot);
      assert.deepEqual(await statuses(keys, elsewhere), [204, 204]);
      const answer = await come(account);
      assert.ok(answer.ok, String(answer.status));
      assert.deepEqual(await statuses(keys, elsewhere), [401, 401]);
      assert.deepEqual(await statuses(keys, (key) => readOwnKey(bot, key)), [401, 401]);
    });
  }
});

test('whoever registered the address and confirms it keeps the keys, and who has confirmed it once keeps them for good', async () => {
  const account = await bot.register();
  const keys = await makeKeys(account);
  const { token } = await lastEmail(bot, account.email, 'email-verification');
  const { password } = account;
  assert.ok((await post('/v1/auth/email/verify', { token, password })).ok);
  for (const come of [comes['signs in by a link'], comes['sets a password by a link']]) {
    assert.ok((await come(account)).ok);
    assert.deepEqual(await statuses(keys, (key) => readOwnKey(bot, key)), [200, 200]);
  }
});

test('a key that is being made while the owner comes is none, or ends with the others', async () => {
  const account = await bot.register();
  await bot.database.sql`
    create function hold_still() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock_shared(4242); return new; end $$`;
  await bot.database.sql`
    create trigger hold_still before insert on api_keys for each row execute function hold_still()`;
  await post('/v1/auth/magic-link', { email: account.email });
  const { token } = await lastEmail(bot, account.email, 'sign-in');
  const release = await holdLock(bot.database, (sql) => sql`select pg_advisory_xact_lock(4242)`);
  const making = bot.send('POST', `/v1/organizations/${account.organization.id}/api-keys`, {
    token: account.access_token,
    body: { name: 'A key', scopes: ['members:read'] },
  });
  await untilWaiting(bot.database, 1);
  const coming = post('/v1/auth/magic-link/verify', { token });
  await Promise.race([coming, untilWaiting(bot.database, 2)]);
  await release();
  assert.ok((await coming).ok);
  const made = await making;
  if (made.status === 401) return;
  assert.equal(made.status, 201);
  const { key } = (await made.json()) as { key: string };
  assert.equal((await readOwnKey(bot, key)).status, 401);
});

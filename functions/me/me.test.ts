/** The account itself: read, changed and deleted. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';
import { createDeafStore } from '../../test/support/deaf-store.ts';
import { holdLock, untilWaiting } from '../../test/support/held-lock.ts';
import { lastEmail } from '../../test/support/mailed.ts';
import { type Registered, startBlockbot } from '../../test/support/blockbot.ts';
import remove from './delete.ts';
import read from './read.ts';
import update from './update.ts';

const bot = await startBlockbot({ rateLimits: createDeafStore() });

interface Me {
  readonly user: { readonly id: string; readonly name: string | null; readonly locale: string };
  readonly organization: { readonly id: string; readonly role: string } | null;
}

const deleteAccount = ({ access_token, password }: Registered) =>
  bot.send('DELETE', '/v1/me', { token: access_token, body: { password } }, remove);

const join = (account: Registered, { organization }: Registered, role: string) => bot.database.sql`
  insert into memberships (organization_id, user_id, role) values (${organization.id}, ${account.user.id}, ${role})`;

test('GET /v1/me shows the person and the organization in one statement', async () => {
  const account = await bot.register({ name: 'Ada' });
  bot.countStatements();
  const me = await expectJson<Me>(
    await bot.send('GET', '/v1/me', { token: account.access_token }, read),
    200,
  );
  assert.equal(bot.countStatements(), 1);
  assert.deepEqual(me, { user: account.user, organization: account.organization });
});

test('GET /v1/me of twenty people at once is one statement, shows each their own, and nothing to whose session has ended', async () => {
  const accounts = await Promise.all(Array.from({ length: 20 }, () => bot.register()));
  const [gone] = accounts;
  assert.ok(gone);
  await bot.database.sql`update refresh_tokens set revoked_at = now() where user_id = ${gone.user.id}`;
  const ask = () =>
    Promise.all(accounts.map(({ access_token: token }) => bot.send('GET', '/v1/me', { token }, read)));
  // Tokens that were seen before: to check a signature takes each its own time.
  await ask();
  bot.countStatements();
  const answers = await ask();
  assert.equal(bot.countStatements(), 1);
  for (const [nth, account] of accounts.entries()) {
    const answer = answers[nth];
    assert.ok(answer);
    if (account === gone) await expectProblem(answer, 'session-ended');
    else assert.equal((await expectJson<Me>(answer, 200)).user.id, account.user.id);
  }
});

test('GET /v1/me shows no organization to a person who has left it', async () => {
  const account = await bot.register();
  await bot.database.sql`delete from memberships where user_id = ${account.user.id}`;
  const me = await expectJson<Me>(
    await bot.send('GET', '/v1/me', { token: account.access_token }, read),
    200,
  );
  assert.equal(me.organization, null);
});

test('PATCH /v1/me changes the language of emails and nothing else, to one of ours', async () => {
  const { access_token: token } = await bot.register({ name: 'Ada' });
  const change = (body: object) => bot.send('PATCH', '/v1/me', { token, body }, update);
  const { user } = await expectJson<Me>(await change({ locale: 'de' }), 200);
  assert.deepEqual([user.locale, user.name], ['de', 'Ada']);
  for (const locale of ['fr', 'de-AT', '', null]) {
    const { errors } = await expectProblem(await change({ locale }), 'invalid-input');
    assert.deepEqual(
      errors?.map(({ pointer }) => pointer),
      ['#/locale'],
    );
  }
  const renamed = await expectJson<Me>(await change({ name: 'Ada Lovelace' }), 200);
  assert.deepEqual([renamed.user.locale, renamed.user.name], ['de', 'Ada Lovelace']);
});

test('PATCH /v1/me changes the name and takes it away', async () => {
  const { access_token: token } = await bot.register({ name: 'Ada' });
  for (const name of ['Ada Lovelace', null]) {
    const { user } = await expectJson<Me>(
      await bot.send('PATCH', '/v1/me', { token, body: { name } }, update),
      200,
    );
    assert.equal(user.name, name);
  }
});

test('DELETE /v1/me deletes account, sessions and the organization that nobody else is in', async () => {
  const account = await bot.register();
  await expectEmpty(await deleteAccount(account), 204);
  const [left] = await bot.database.sql<Record<string, string>>`
    select
      (select count(*) from users where id = ${account.user.id}) as users,
      (select count(*) from organizations where id = ${account.organization.id}) as organizations,
      (select count(*) from memberships where user_id = ${account.user.id}) as memberships,
      (select count(*) from refresh_tokens where user_id = ${account.user.id}) as sessions`;
  assert.deepEqual(left, { users: '0', organizations: '0', memberships: '0', sessions: '0' });
  const body = { refresh_token: account.refresh_token };
  await expectProblem(await bot.send('POST', '/v1/auth/refresh', { body }), 'refresh-token-invalid');
  await expectProblem(await bot.send('GET', '/v1/me', { token: account.access_token }), 'session-ended');
});

test('a link that waits in the mailbox opens no new account once the account is deleted', async () => {
  const account = await bot.register();
  await bot.database.sql`update users set email_verified_at = now() where id = ${account.user.id}`;
  await bot.send('POST', '/v1/auth/magic-link', { body: { email: account.email } });
  const { token } = await lastEmail(bot, account.email, 'sign-in');
  await expectEmpty(await deleteAccount(account), 204);
  const opened = await bot.send('POST', '/v1/auth/magic-link/verify', { body: { token } });
  await expectProblem(opened, 'verification-expired');
});

test('who deletes an account of an address that nobody has proven ends no link of its owner', async () => {
  const account = await bot.register();
  await bot.send('POST', '/v1/auth/magic-link', { body: { email: account.email } });
  const { token } = await lastEmail(bot, account.email, 'sign-in');
  await expectEmpty(await deleteAccount(account), 204);
  await expectJson(await bot.send('POST', '/v1/auth/magic-link/verify', { body: { token } }), 200);
});

test('DELETE /v1/me with a wrong password changes nothing', async () => {
  const account = await bot.register();
  await expectProblem(await deleteAccount({ ...account, password: 'not it' }), 'password-incorrect');
  await expectJson(await bot.send('GET', '/v1/me', { token: account.access_token }), 200);
});

test('the only owner of an organization with members can not leave, and nothing of the account is lost', async () => {
  const [owner, member] = [await bot.register(), await bot.register()];
  await join(member, owner, 'admin');
  await expectProblem(await deleteAccount(owner), 'organization-has-members');
  const me = await expectJson<Me>(await bot.send('GET', '/v1/me', { token: owner.access_token }), 200);
  assert.equal(me.organization?.role, 'owner');
  await expectEmpty(await deleteAccount(member), 204);
  await expectEmpty(await deleteAccount(owner), 204);
});

test('an owner leaves an organization that has another owner', async () => {
  const [first, second] = [await bot.register(), await bot.register()];
  await join(second, first, 'owner');
  await expectEmpty(await deleteAccount(first), 204);
  const rows = await bot.database.sql<{ role: string }>`
    select role from memberships where organization_id = ${first.organization.id}`;
  assert.deepEqual(rows, [{ role: 'owner' }]);
});

test('of two owners who leave at once one goes, and the organization keeps the other while it has members', async () => {
  const [first, second, member] = [await bot.register(), await bot.register(), await bot.register()];
  await join(second, first, 'owner');
  await join(member, first, 'member');
  const answers = await Promise.all([deleteAccount(first), deleteAccount(second)]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 409]);
});

test('an organization that is made while the account ends goes with it', async () => {
  const account = await bot.register();
  const release = await holdLock(
    bot.database,
    (sql) => sql`select id from users where id = ${account.user.id} for update`,
  );
  const making = bot.send('POST', '/v1/organizations', {
    token: account.access_token,
    body: { name: 'Late' },
  });
  await untilWaiting(bot.database, 1);
  const deleting = deleteAccount(account);
  await untilWaiting(bot.database, 2);
  await release();
  const { organization } = await expectJson<{ organization: { id: string } }>(await making, 201);
  await expectEmpty(await deleting, 204);
  assert.deepEqual(await bot.database.sql`select id from organizations where id = ${organization.id}`, []);
});

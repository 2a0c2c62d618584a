/** What becomes of the link of an invitation when the owner of its mailbox ends all sessions. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Registered, startBlockbot } from '../../test/support/blockbot.ts';
import { inviteByEmail, verify } from '../../test/support/invitations.ts';
import { lastEmail } from '../../test/support/mailed.ts';
import { makeOrganization, readRoles } from '../../test/support/organizations.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();
const accept = (token: string, bearer?: string) =>
  bot.send('POST', '/v1/invitations/accept', {
    body: { token },
    ...(bearer !== undefined && { token: bearer }),
  });

async function signIn({ email }: Registered, password: string): Promise<string> {
  const response = await bot.send('POST', '/v1/auth/login', { body: { email, password } });
  return (await expectJson<{ access_token: string }>(response, 200)).access_token;
}

/** Each answers an access token of the owner. */
const ends: Readonly<Record<string, (owner: Registered) => Promise<string>>> = {
  'a reset of the password': async (owner) => {
    await bot.send('POST', '/v1/auth/password/forgot', { body: { email: owner.email } });
    const { token } = await lastEmail(bot, owner.email, 'password-reset');
    const new_password = 'quite another long passphrase';
    const reset = await bot.send('POST', '/v1/auth/password/reset', { body: { token, new_password } });
    assert.ok(reset.ok, String(reset.status));
    return signIn(owner, new_password);
  },
  'another password': async (owner) => {
    const body = { current_password: owner.password, new_password: 'quite another long passphrase' };
    const changed = await bot.send('POST', '/v1/auth/password/change', { token: owner.access_token, body });
    assert.ok(changed.ok, String(changed.status));
    return owner.access_token;
  },
  'signing out everywhere else': async ({ access_token: token }) => {
    const ended = await bot.send('DELETE', '/v1/sessions', { token });
    assert.ok(ended.ok, String(ended.status));
    return token;
  },
};

for (const [name, end] of Object.entries(ends)) {
  test(`the link of an invitation signs nobody in any more after ${name}, and its owner accepts it`, async () => {
    const { id, path, people } = await makeOrganization(bot, ['owner']);
    const [owner] = people;
    assert.ok(owner);
    const person = await bot.register();
    await verify(bot, owner, person);
    const invite = () => inviteByEmail(bot, { path, token: owner.access_token, email: person.email });
    const { token } = await invite();
    const bearer = await end(person);
    await expectProblem(await accept(token), 'authentication-required');
    assert.equal((await readRoles(bot, id)).has(person.user.id), false);
    await expectJson(await accept(token, bearer), 200);
    assert.equal((await readRoles(bot, id)).has(person.user.id), true);
  });
}

test('an invitation that is newer than the end of all sessions signs in', async () => {
  const { path, people } = await makeOrganization(bot, ['owner']);
  const [owner] = people;
  assert.ok(owner);
  const person = await bot.register();
  await verify(bot, owner, person);
  assert.ok((await bot.send('DELETE', '/v1/sessions', { token: person.access_token })).ok);
  const { token } = await inviteByEmail(bot, { path, token: owner.access_token, email: person.email });
  await expectJson(await accept(token), 200);
});

test('an invitation that is older than the account signs in, as long as nothing of the account was ended', async () => {
  const { path, people } = await makeOrganization(bot, ['owner']);
  const [owner] = people;
  assert.ok(owner);
  await verify(bot, owner);
  const email = 'registered-later@example.com';
  const { token } = await inviteByEmail(bot, { path, token: owner.access_token, email });
  await verify(bot, await bot.register({ email }));
  await expectJson(await accept(token), 200);
});

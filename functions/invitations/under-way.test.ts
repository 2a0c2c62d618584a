/** What becomes of a session and an address while whoever joins, or declines, waits for the organization. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { holdLock, untilWaiting } from '../../test/support/held-lock.ts';
import { inviteByEmail, verify } from '../../test/support/invitations.ts';
import { lastEmail } from '../../test/support/mailed.ts';
import { makeOrganization, readRoles } from '../../test/support/organizations.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();

async function prepare() {
  const { id, path, people } = await makeOrganization(bot, ['owner']);
  const [owner] = people;
  assert.ok(owner);
  const person = await bot.register();
  await verify(bot, owner, person);
  const token = owner.access_token;
  const invitation = await inviteByEmail(bot, { path, token, email: person.email });
  const made = await bot.send('POST', `${path}/join-link`, { token, body: {} });
  const { token: joinToken } = await expectJson<{ token: string }>(made, 201);
  const hold = () =>
    holdLock(bot.database, (sql) => sql`select id from organizations where id = ${id} for no key update`);
  return { id, person, invitation, joinToken, hold };
}

test('an address that changes while its invitation is being accepted makes no second member of it', async () => {
  const { id, person, invitation, hold } = await prepare();
  const { access_token: token, password } = person;
  const email = 'moved-away@example.com';
  await bot.send('POST', '/v1/auth/email/change', { token, body: { email, password } });
  const [, change] = (await lastEmail(bot, email, 'email-change')).text.match(/#([\w-]{43})\n/) ?? [];
  const release = await hold();
  const accepting = bot.send('POST', `/v1/invitations/${invitation.id}/accept`, { token });
  await untilWaiting(bot.database, 1);
  await expectEmpty(
    await bot.send('POST', '/v1/auth/email/confirm', { token, body: { token: change } }),
    204,
  );
  await release();
  await expectProblem(await accepting, 'not-found');
  await expectJson(
    await bot.send('POST', '/v1/invitations/accept', { body: { token: invitation.token } }),
    200,
  );
  const roles = await readRoles(bot, id);
  assert.deepEqual([roles.size, roles.has(person.user.id)], [2, false]);
});

for (const [act, toRequest] of [
  ['accepts', (id: string) => ({ path: `/v1/invitations/${id}/accept`, body: undefined })],
  ['declines', (id: string) => ({ path: `/v1/invitations/${id}/decline`, body: undefined })],
  ['joins by a link', (_id: string, token: string) => ({ path: '/v1/join', body: { token } })],
] as const) {
  test(`a session that ends while it ${act} has done nothing`, async () => {
    const { id, person, invitation, joinToken, hold } = await prepare();
    const { email, password } = person;
    const signedIn = await bot.send('POST', '/v1/auth/login', { body: { email, password } });
    const other = await expectJson<{ access_token: string }>(signedIn, 200);
    const { path, body } = toRequest(invitation.id, joinToken);
    const release = await hold();
    const acting = bot.send('POST', path, { token: other.access_token, ...(body && { body }) });
    await untilWaiting(bot.database, 1);
    await expectEmpty(await bot.send('DELETE', '/v1/sessions', { token: person.access_token }), 204);
    await release();
    await expectProblem(await acting, 'session-ended');
    assert.equal((await readRoles(bot, id)).has(person.user.id), false);
    const listed = await bot.send('GET', '/v1/invitations', { token: person.access_token });
    const { invitations } = await expectJson<{ invitations: readonly { id: string }[] }>(listed, 200);
    assert.deepEqual(
      invitations.map((open) => open.id),
      [invitation.id],
    );
  });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { inviteByEmail, verify } from '../../test/support/invitations.ts';
import { makeOrganization, readRoles, readTrail } from '../../test/support/organizations.ts';
import { expectEmpty, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();

/** An invitation to somebody who has an account and a proven address. */
async function prepare() {
  const organization = await makeOrganization(bot, ['owner']);
  const [owner] = organization.people;
  if (!owner) throw new Error('nobody there');
  const invited = await bot.register();
  await verify(bot, owner, invited);
  const inviting = { path: organization.path, token: owner.access_token, email: invited.email };
  return { ...organization, invited, invitation: await inviteByEmail(bot, inviting) };
}

const answer = (act: 'accept' | 'decline', id: string, token: string) =>
  bot.send('POST', `/v1/invitations/${id}/${act}`, { token });

test('whoever owns the proven address declines without the email, once, and the trail says who', async () => {
  const { id, invited, invitation } = await prepare();
  const stranger = await bot.register();
  await expectProblem(await answer('decline', invitation.id, stranger.access_token), 'email-unverified');
  await verify(bot, stranger);
  await expectProblem(await answer('decline', invitation.id, stranger.access_token), 'not-found');
  await expectEmpty(await answer('decline', invitation.id, invited.access_token), 204);
  await expectProblem(await answer('decline', invitation.id, invited.access_token), 'invitation-used');
  const body = { token: invitation.token };
  await expectProblem(await bot.send('POST', '/v1/invitations/accept', { body }), 'invitation-used');
  const declined = (await readTrail(bot, id)).filter(({ event }) => event === 'invitation.declined');
  assert.deepEqual(
    declined.map(({ actorId, userId, targetId }) => [actorId, userId, targetId]),
    [[invited.user.id, invited.user.id, invitation.id]],
  );
});

test('of accepting and declining at once, one wins', async () => {
  for (let trial = 0; trial < 10; trial++) {
    const { id, invited, invitation } = await prepare();
    const [accepted, declined] = await Promise.all([
      answer('accept', invitation.id, invited.access_token),
      answer('decline', invitation.id, invited.access_token),
    ]);
    assert.equal([accepted.status, declined.status].filter((status) => status < 300).length, 1);
    assert.equal((await readRoles(bot, id)).has(invited.user.id), accepted.status === 200);
  }
});

/** Who becomes an owner: nobody who can't sign in, and nobody of more organizations than one person can own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Registered, startBlockbot } from '../../test/support/blockbot.ts';
import { inviteByEmail, verify } from '../../test/support/invitations.ts';
import { makeOrganization, readRoles } from '../../test/support/organizations.ts';
import { expectEmpty, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();

async function prepare() {
  const { id, path, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  assert.ok(owner && member);
  const { access_token: token } = owner;
  const transfer = () => bot.send('POST', `${path}/transfer`, { token, body: { user_id: member.user.id } });
  const promote = () =>
    bot.send('PATCH', `${path}/members/${member.user.id}`, { token, body: { role: 'owner' } });
  return { id, path, owner, member, transfer, promote };
}

/** Organizations that they own besides their first. */
const own = (person: Registered, count: number) => bot.database.sql`
  with made as (
    insert into organizations (id, name, slug)
    select gen_random_uuid(), 'Owned', gen_random_uuid()::text from generate_series(1, ${count}::int) returning id
  ) insert into memberships (organization_id, user_id, role) select id, ${person.user.id}, 'owner' from made`;

const countOwned = async (person: Registered) => {
  const owned = await bot.database.sql`
    select organization_id from memberships where user_id = ${person.user.id} and role = 'owner'`;
  return owned.length;
};

test('a disabled member becomes no owner, and the answer is that of somebody who is no member', async () => {
  const { id, member, transfer, promote } = await prepare();
  await bot.database.sql`
    update users set disabled_at = now(), disabled_reason = 'other' where id = ${member.user.id}`;
  const { errors } = await expectProblem(await transfer(), 'invalid-input');
  assert.equal(errors?.[0]?.pointer, '#/user_id');
  await expectProblem(await promote(), 'not-found');
  assert.equal((await readRoles(bot, id)).get(member.user.id), 'member');
});

test('who owns twenty organizations is handed no other, and made an owner of none', async () => {
  const { id, path, owner, member, transfer, promote } = await prepare();
  await own(member, 19);
  await expectProblem(await transfer(), 'too-many-organizations');
  await expectProblem(await promote(), 'too-many-organizations');
  assert.deepEqual(Object.fromEntries(await readRoles(bot, id)), {
    [owner.user.id]: 'owner',
    [member.user.id]: 'member',
  });
  const invited = await bot.register();
  await verify(bot, owner, invited);
  const { email } = invited;
  const invitation = await inviteByEmail(bot, { path, token: owner.access_token, email, role: 'owner' });
  await own(invited, 19);
  const byToken = await bot.send('POST', '/v1/invitations/accept', { body: { token: invitation.token } });
  await expectProblem(byToken, 'too-many-organizations');
  const acceptOwn = () =>
    bot.send('POST', `/v1/invitations/${invitation.id}/accept`, { token: invited.access_token });
  await expectProblem(await acceptOwn(), 'too-many-organizations');
  await bot.database.sql`
    update memberships set role = 'admin' where user_id = ${invited.user.id} and organization_id = ${invited.organization.id}`;
  assert.equal((await acceptOwn()).status, 200);
  assert.equal(await countOwned(invited), 20);
});

test('of two organizations that are handed at once to who owns nineteen, one is theirs', async () => {
  const [first, second] = [await prepare(), await prepare()];
  await bot.database.sql`
    insert into memberships (organization_id, user_id, role) values (${second.id}, ${first.member.user.id}, 'member')`;
  await own(first.member, 18);
  const answers = await Promise.all([
    first.transfer(),
    bot.send('POST', `${second.path}/transfer`, {
      token: second.owner.access_token,
      body: { user_id: first.member.user.id },
    }),
  ]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 409]);
  assert.equal(await countOwned(first.member), 20);
});

test('a co-owner who owns twenty takes over what is theirs already', async () => {
  const { id, owner, member, transfer, promote } = await prepare();
  await own(member, 18);
  await expectEmpty(await promote(), 204);
  await expectEmpty(await promote(), 204);
  await expectEmpty(await transfer(), 204);
  assert.equal((await readRoles(bot, id)).get(owner.user.id), 'admin');
});

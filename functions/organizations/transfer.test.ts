import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Registered, startBlockbot } from '../../test/support/blockbot.ts';
import { verify } from '../../test/support/invitations.ts';
import { lastEmail } from '../../test/support/mailed.ts';
import {
  makeOrganization,
  makeStale,
  readRoles,
  readTrail,
  setRole,
} from '../../test/support/organizations.ts';
import { expectEmpty, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();

test('who hands over is an admin afterwards, the other the owner, and the trail says so', async () => {
  const { path, id, people } = await makeOrganization(bot, ['owner', 'member']);
  const [{ access_token: token, user } = { access_token: '', user: { id: '' } }, member] = people;
  const transfer = (body: object, by = token) => bot.send('POST', `${path}/transfer`, { token: by, body });
  const to = member?.user.id ?? '';
  const stale = await makeStale(bot, token);
  await expectProblem(await transfer({ user_id: to }, stale), 'reauthentication-required');
  const stranger = await bot.register();
  for (const user_id of [user.id, stranger.user.id]) {
    const { errors } = await expectProblem(await transfer({ user_id }), 'invalid-input');
    assert.equal(errors?.[0]?.pointer, '#/user_id');
  }
  await expectEmpty(await transfer({ user_id: to.toUpperCase() }), 204);
  assert.deepEqual(Object.fromEntries(await readRoles(bot, id)), { [user.id]: 'admin', [to]: 'owner' });
  await expectProblem(await transfer({ user_id: to }), 'permission-denied');
  const event = (await readTrail(bot, id)).at(-1);
  assert.deepEqual(
    [event?.event, event?.actorId, event?.targetId],
    ['organization.transferred', user.id, to],
  );
});

test('handing over is mailed to both in their languages, naming proven addresses only, and to no unproven one', async () => {
  const { path, slug, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  if (!owner || !member) throw new Error('nobody there');
  const transfer = (from: Registered, to: Registered) =>
    bot.send('POST', `${path}/transfer`, { token: from.access_token, body: { user_id: to.user.id } });
  const mailed = async ({ email }: Registered) =>
    (await bot.emails(email)).filter(({ template }) => template.startsWith('organization-'));
  await verify(bot, member);
  await bot.database.sql`update users set locale = 'de' where id = ${member.user.id}`;
  await expectProblem(await transfer(member, owner), 'permission-denied');
  await expectProblem(await transfer(owner, owner), 'invalid-input');
  await expectEmpty(await transfer(owner, member), 204);
  assert.deepEqual(await mailed(owner), []);
  const received = await lastEmail(bot, member.email, 'organization-received');
  assert.match(received.text, new RegExp(`^Organisation: ${slug}$\\n^Übergeben an: ${member.email}$`, 'm'));
  assert.ok(!received.text.includes(owner.email));
  await verify(bot, owner);
  await expectEmpty(await transfer(member, owner), 204);
  const { text } = await lastEmail(bot, owner.email, 'organization-received');
  assert.match(text, new RegExp(`^Handed over by: ${member.email}$\\n^New owner: ${owner.email}$`, 'm'));
  const told = await lastEmail(bot, member.email, 'organization-handed-over');
  assert.match(
    told.text,
    new RegExp(`^Übergeben von: ${member.email}$\\n^Übergeben an: ${owner.email}$`, 'm'),
  );
  assert.deepEqual([(await mailed(owner)).length, (await mailed(member)).length], [1, 2]);
});

test('an organization that is handed over again and again floods no mailbox, and is handed over all the same', async () => {
  const { path, id, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  if (!owner || !member) throw new Error('nobody there');
  await verify(bot, member);
  for (let nth = 0; nth < 7; nth++) {
    const response = await bot.send('POST', `${path}/transfer`, {
      token: owner.access_token,
      body: { user_id: member.user.id },
    });
    await expectEmpty(response, 204);
    assert.equal((await readRoles(bot, id)).get(member.user.id), 'owner');
    await setRole(bot, id, owner.user.id, 'owner');
  }
  const received = (await bot.emails(member.email)).filter(
    ({ template }) => template === 'organization-received',
  );
  // Registering was mailed, too.
  assert.equal(received.length, 4);
});

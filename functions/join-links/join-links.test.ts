/** Join links: who makes them, whom they let in, and how often. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHash } from 'node:crypto';
import { type Registered, startBlockbot } from '../../test/support/blockbot.ts';
import { inviteByEmail, verify } from '../../test/support/invitations.ts';
import { makeOrganization, readRoles, readTrail } from '../../test/support/organizations.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();

interface Link {
  readonly url: string;
  readonly token: string;
  readonly expires_at: string;
}

async function prepare() {
  const { id, path, people } = await makeOrganization(bot, ['owner', 'admin', 'member']);
  const [owner, admin, member] = people;
  assert.ok(owner && admin && member);
  await verify(bot, owner, admin);
  const ask = (by: Registered, body: object = {}) =>
    bot.send('POST', `${path}/join-link`, { token: by.access_token, body });
  const make = async (body?: object) => expectJson<Link>(await ask(admin, body), 201);
  return { id, path, by: { owner, admin, member }, ask, make };
}

const join = (token: string, person: Registered) =>
  bot.send('POST', '/v1/join', { token: person.access_token, body: { token } });

async function registerVerified(fields?: Readonly<Record<string, string>>): Promise<Registered> {
  const person = await bot.register(fields);
  await verify(bot, person);
  return person;
}

test('whoever has the link and a verified address becomes a member, whatever else', async () => {
  const organization = await prepare();
  const { token, url } = await organization.make();
  assert.equal(url, `https://api.example.com/auth/join#${token}`);
  const person = await bot.register();
  await expectProblem(await join(token, person), 'email-unverified');
  await verify(bot, person);
  const joined = await expectJson<{ organization: { id: string; role: string }; access_token: string }>(
    await join(token, person),
    200,
  );
  assert.deepEqual([joined.organization.id, joined.organization.role], [organization.id, 'member']);
  const me = await bot.send('GET', '/v1/me', { token: joined.access_token });
  assert.equal(
    (await expectJson<{ organization: { id: string } }>(me, 200)).organization.id,
    organization.id,
  );
  await expectProblem(await join(token, person), 'already-member');
  const [row] = await bot.database.sql<{ tokenHash: Uint8Array; uses: number; text: string }>`
    select token_hash, uses, join_links::text as text from join_links where organization_id = ${organization.id}`;
  assert.equal(row?.uses, 1, 'refusals use nothing up');
  assert.deepEqual(Buffer.from(row.tokenHash), createHash('sha256').update(token).digest());
  assert.ok(!row.text.includes(token));
  const trail = (await readTrail(bot, organization.id)).map(({ event }) => event);
  assert.deepEqual(
    trail.filter((event) => /^(?:join_link|member)/.test(event)),
    ['join_link.created', 'member.joined'],
  );
});

test('a member makes no link, a stranger sees no organization, and bounds are kept', async () => {
  const organization = await prepare();
  await expectProblem(await organization.ask(organization.by.member), 'permission-denied');
  await expectProblem(await organization.ask(await bot.register()), 'not-found');
  for (const body of [
    { expires_in_days: 31 },
    { expires_in_days: 0 },
    { maximum_uses: 0 },
    { domain: 'no-domain' },
    { domain: 'a@example.com' },
  ]) {
    await expectProblem(await organization.ask(organization.by.owner, body), 'invalid-input');
  }
  const { expires_at } = await organization.make({ expires_in_days: 30 });
  const days = (Date.parse(expires_at) - Date.now()) / 86_400_000;
  assert.ok(days > 29.9 && days <= 30, String(days));
});

test('who has an address that nobody has proven makes no link, and ends none by trying', async () => {
  const organization = await prepare();
  const { token } = await organization.make();
  const { admin } = organization.by;
  await bot.database.sql`update users set email_verified_at = null where id = ${admin.user.id}`;
  await expectProblem(await organization.ask(admin), 'email-unverified');
  assert.equal((await join(token, await registerVerified())).status, 200);
});

test('who waits in an organization that a stranger made under a foreign address is in none of it', async () => {
  // Somebody registers the address of somebody else, who will come for it one day.
  const taken = await bot.register();
  const path = `/v1/organizations/${taken.organization.id}`;
  const accomplice = await registerVerified();
  const { access_token: token } = taken;
  const made = await bot.send('POST', `${path}/join-link`, { token, body: {} });
  await expectProblem(made, 'email-unverified');
  const body = { email: accomplice.email, role: 'owner' };
  await expectProblem(await bot.send('POST', `${path}/invitations`, { token, body }), 'email-unverified');
  assert.equal((await readRoles(bot, taken.organization.id)).size, 1);
});

test('who was removed does not come back by the link that they know, and who has left does', async () => {
  const organization = await prepare();
  const { admin, member } = organization.by;
  await verify(bot, member);
  const { token } = await organization.make();
  const remove = (by: Registered) =>
    bot.send('DELETE', `${organization.path}/members/${member.user.id}`, { token: by.access_token });
  await expectEmpty(await remove(member), 204);
  assert.equal((await join(token, member)).status, 200);
  await expectEmpty(await remove(admin), 204);
  await expectProblem(await join(token, member), 'invitation-invalid');
  await expectProblem(await join(token, await registerVerified()), 'invitation-invalid');
  const [event] = (await readTrail(bot, organization.id)).filter(
    ({ event }) => event === 'join_link.revoked',
  );
  assert.equal(event?.actorId, admin.user.id);
  await organization.make();
});

test('the link of an admin who is made a member ends, and that of who steps down goes on', async () => {
  const organization = await prepare();
  const { owner, admin } = organization.by;
  const become = (role: string, by: Registered) =>
    bot.send('PATCH', `${organization.path}/members/${admin.user.id}`, {
      token: by.access_token,
      body: { role },
    });
  const { token } = await organization.make();
  await expectEmpty(await become('member', admin), 204);
  assert.equal((await join(token, await registerVerified())).status, 200);
  await expectEmpty(await become('admin', owner), 204);
  assert.equal((await join(token, await registerVerified())).status, 200);
  await expectEmpty(await become('member', owner), 204);
  await expectProblem(await join(token, await registerVerified()), 'invitation-invalid');
  const revoked = (await readTrail(bot, organization.id)).filter(
    ({ event }) => event === 'join_link.revoked',
  );
  assert.deepEqual(
    revoked.map(({ actorId }) => actorId),
    [owner.user.id],
  );
});

test('there is one link at a time, and revoking ends it', async () => {
  const organization = await prepare();
  const [first, second] = [await organization.make(), await organization.make()];
  const person = await registerVerified();
  await expectProblem(await join(first.token, person), 'invitation-invalid');
  const { access_token: token } = organization.by.admin;
  const revoke = (by: string) => bot.send('DELETE', `${organization.path}/join-link`, { token: by });
  await expectProblem(await revoke(organization.by.member.access_token), 'permission-denied');
  await expectEmpty(await revoke(token), 204);
  await expectProblem(await revoke(token), 'not-found');
  await expectProblem(await join(second.token, person), 'invitation-invalid');
  const made = await Promise.all(Array.from({ length: 10 }, () => organization.make()));
  const answers = await Promise.all(
    made.map(async ({ token: one }) => (await join(one, await registerVerified())).status),
  );
  assert.deepEqual(answers.sort(), [200, ...Array.from({ length: 9 }, () => 401)]);
});

test('of fifty at once, as many join as may', async () => {
  const organization = await prepare();
  const { token } = await organization.make({ maximum_uses: 7 });
  const people = await Promise.all(Array.from({ length: 50 }, () => registerVerified()));
  const answers = await Promise.all(people.map((person) => join(token, person)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 7);
  const refused = answers.find(({ status }) => status !== 200);
  assert.ok(refused);
  await expectProblem(refused, 'invitation-used');
  assert.equal((await readRoles(bot, organization.id)).size, 3 + 7);
});

test('one person who presses twenty times uses one', async () => {
  const organization = await prepare();
  const { token } = await organization.make({ maximum_uses: 2 });
  const person = await registerVerified();
  const answers = await Promise.all(Array.from({ length: 20 }, () => join(token, person)));
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.equal((await join(token, await registerVerified())).status, 200);
});

test('a link of one domain lets nobody in whose address only looks like it', async () => {
  const organization = await prepare();
  const { token } = await organization.make({ domain: 'Analysts.Example' });
  for (const email of [
    'eve@analysts.example.org',
    'eve@evil-analysts.example',
    'eve@sub.analysts.example',
    'analysts.example@example.com',
  ]) {
    await expectProblem(await join(token, await registerVerified({ email })), 'email-domain-refused');
  }
  assert.equal((await join(token, await registerVerified({ email: 'ada@analysts.example' }))).status, 200);
});

test('an expired link, and one of an organization that is deleted, let nobody in', async () => {
  const organization = await prepare();
  const { token } = await organization.make();
  const person = await registerVerified();
  await bot.database.sql`update organizations set deleted_at = now() where id = ${organization.id}`;
  await expectProblem(await join(token, person), 'invitation-invalid');
  await bot.database.sql`update organizations set deleted_at = null where id = ${organization.id}`;
  await bot.database.sql`update join_links set expires_at = now() where organization_id = ${organization.id}`;
  await expectProblem(await join(token, person), 'invitation-expired');
});

test('who joins by a link has accepted the invitation that waited, and stays a member', async () => {
  const organization = await prepare();
  const { owner } = organization.by;
  const person = await registerVerified();
  const { path } = organization;
  const invited = await inviteByEmail(bot, {
    path,
    token: owner.access_token,
    email: person.email,
    role: 'admin',
  });
  const { token } = await organization.make();
  assert.equal((await join(token, person)).status, 200);
  assert.equal((await readRoles(bot, organization.id)).get(person.user.id), 'member');
  const response = await bot.send('POST', '/v1/invitations/accept', { body: { token: invited.token } });
  await expectProblem(response, 'invitation-used');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Registered, startBlockbot } from '../../../test/support/blockbot.ts';
import { inviteByEmail, verify } from '../../../test/support/invitations.ts';
import { makeOrganization, readRoles, readTrail } from '../../../test/support/organizations.ts';
import { expectRedirect, expectText, signIn } from '../../../test/support/pages.ts';
import type { BrowserClient } from '../../../test/support/browser.ts';

const bot = await startBlockbot();
const path = '/account/organizations';

/** Which organization a browser works in: by the row of its session, and by the claim of the access token that it holds. */
async function workedIn(browser: BrowserClient, { user }: Registered) {
  const claims = await bot.services.keys.verify(browser.cookies.get('__Host-access') ?? '');
  const [session] = await bot.database.sql<{ organizationId: string | null }>`
    select organization_id from refresh_tokens where id = ${claims.sid} and user_id = ${user.id}`;
  return [session?.organizationId, claims.org];
}

async function makePeople(...roles: Parameters<typeof makeOrganization>[1]) {
  const organization = await makeOrganization(bot, roles);
  const [first, second] = organization.people;
  if (!first || !second) throw new Error('nobody there');
  return { ...organization, owner: first, other: second };
}

test('the page lists all of a person’s organizations in two statements, and offers to leave those that can be left', async () => {
  const { other } = await makePeople('owner', 'admin');
  const here = await signIn(bot, other);
  bot.countStatements();
  const text = await expectText(
    await here.get(path),
    200,
    /Analytical Engines<\/strong>/,
    /Admin · analytical/,
  );
  assert.equal(bot.countStatements(), 2);
  assert.equal(text.match(/class="badge">Current/g)?.length, 1);
  assert.equal(
    text.match(/action="\/account\/organizations\/leave"/g)?.length,
    1,
    'not the one of their own',
  );
  assert.equal(text.match(/action="\/account\/organizations\/switch"/g)?.length, 1, 'not the current one');
  await bot.database.sql`delete from memberships where user_id = ${other.user.id}`;
  await expectText(await here.get(path), 200, /You’re not in an organization/);
});

test('an organization is made by its form, and the browser goes on where it is', async () => {
  const account = await bot.register();
  const here = await signIn(bot, account);
  expectRedirect(
    await here.submit(path, { name: 'Bücher & <b>', slug: 'buecher' }),
    `${path}?notice=created`,
  );
  await expectText(await here.get(`${path}?notice=created`), 200, /is created/, /Bücher &amp; &lt;b&gt;/);
  const [made] = await bot.database.sql<{ name: string; role: string }>`
    select name, role from live_memberships where user_id = ${account.user.id} and slug = 'buecher'`;
  assert.deepEqual(made, { name: 'Bücher & <b>', role: 'owner' });
  assert.deepEqual(await workedIn(here, account), [account.organization.id, account.organization.id]);
});

test('what can’t be made is said above the form and at its field, which keeps what was typed', async () => {
  const account = await bot.register();
  const here = await signIn(bot, account);
  const taken = await here.submit(path, { name: 'Typed', slug: account.organization.slug });
  await expectText(
    taken,
    409,
    /<title>Error: Create an organization/,
    /id="slug-error"><span>This short name is taken/,
    /value="Typed"/,
  );
  await expectText(
    await here.submit(path, { slug: 'A b' }),
    422,
    /id="name-error"/,
    /id="slug-error"/,
    /"A b"/,
  );
  await bot.database.sql`
    with made as (
      insert into organizations (id, name, slug)
      select gen_random_uuid(), 'Many', 'many-' || n from generate_series(1, 19) as n returning id
    )
    insert into memberships (organization_id, user_id, role) select id, ${account.user.id}, 'owner' from made`;
  await expectText(await here.submit(path, { name: 'One too many' }), 409, /can’t own more organizations/);
});

test('a browser switches to an organization of the person, and to no other', async () => {
  const { id, other } = await makePeople('owner', 'member');
  const here = await signIn(bot, other);
  const own = other.organization.id;
  assert.deepEqual(await workedIn(here, other), [own, own]);
  expectRedirect(
    await here.submit(`${path}/switch`, { organization_id: id }),
    '/organization?notice=switched',
  );
  assert.deepEqual(await workedIn(here, other), [id, id]);
  await expectText(await here.get('/organization?notice=switched'), 200, /<h1>Analytical Engines/);
  const stranger = await bot.register();
  const there = { organization_id: stranger.organization.id };
  await expectText(
    await here.submit(`${path}/switch`, there),
    404,
    /no longer there/,
    /href="\/account\/organ/,
  );
  await expectText(await here.submit(`${path}/switch`, { organization_id: 'x' }), 422);
  assert.deepEqual(await workedIn(here, other), [id, id]);
});

test('a member leaves, and the last owner is told why not', async () => {
  const { id, owner, other } = await makePeople('owner', 'member');
  const [here, there] = [await signIn(bot, owner), await signIn(bot, other)];
  const leave = (by: BrowserClient) => by.submit(`${path}/leave`, { organization_id: id });
  await expectText(await leave(here), 409, /You’re the only owner/, /href="\/account\/organizations"/);
  expectRedirect(await leave(there), `${path}?notice=left`);
  assert.deepEqual([...(await readRoles(bot, id)).keys()], [owner.user.id]);
  await expectText(await leave(there), 404, /no longer there/);
  assert.equal((await readTrail(bot, id)).at(-1)?.event, 'member.left');
});

test('invitations to a proven address wait on the page, to accept or to decline; of an unproven one it asks to prove it', async () => {
  const { id, path: api, owner, other } = await makePeople('owner', 'member');
  await verify(bot, owner);
  const invited = await bot.register();
  const here = await signIn(bot, invited);
  await expectText(
    await here.get(path),
    200,
    /Once your email address is confirmed/,
    /href="\/auth\/verify"/,
  );
  await verify(bot, invited);
  await expectText(await here.get(path), 200, /There’s none for your email address/);
  const invite = () => inviteByEmail(bot, { path: api, token: owner.access_token, email: invited.email });
  const first = await invite();
  await expectText(await here.get(path), 200, new RegExp(`Invited by ${owner.email}`), new RegExp(first.id));
  const stranger = await signIn(bot, other);
  for (const act of ['accept', 'decline']) {
    await expectText(await here.submit(`${path}/${act}`, { id: 'x' }), 422);
    const theirs = await stranger.submit(`${path}/${act}`, { id: first.id });
    assert.ok([403, 404].includes(theirs.status), String(theirs.status));
  }
  expectRedirect(await here.submit(`${path}/decline`, { id: first.id }), `${path}?notice=declined`);
  const [declined] = await bot.database.sql`
    select id from invitations where id = ${first.id} and declined_at is not null`;
  assert.ok(declined);
  const event = (await readTrail(bot, id)).at(-1);
  assert.deepEqual([event?.event, event?.actorId], ['invitation.declined', invited.user.id]);
  for (const act of ['accept', 'decline']) {
    await expectText(await here.submit(`${path}/${act}`, { id: first.id }), 410, /was already used/);
  }
  const second = await invite();
  expectRedirect(await here.submit(`${path}/accept`, { id: second.id }), '/organization?notice=joined');
  assert.deepEqual(await workedIn(here, invited), [id, id]);
  assert.equal((await readRoles(bot, id)).get(invited.user.id), 'member');
  await expectText(await here.get('/organization?notice=joined'), 200, /You’ve joined the organization/);
});

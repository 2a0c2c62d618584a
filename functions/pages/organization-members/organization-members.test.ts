import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roles } from '../../../db/roles.ts';
import type { Role } from '../../../db/schema.ts';
import { type Registered, startBlockbot } from '../../../test/support/blockbot.ts';
import { expectProblem } from '../../../test/support/responses.ts';
import { makeOrganization, readRoles, readTrail, setRole } from '../../../test/support/organizations.ts';
import { expectRedirect, expectText, openOrganization, signIn } from '../../../test/support/pages.ts';

const bot = await startBlockbot();
const path = '/organization/members';

async function makePeople(...roles: Parameters<typeof makeOrganization>[1]) {
  const organization = await makeOrganization(bot, roles);
  const [owner, second, third] = organization.people;
  if (!owner || !second) throw new Error('nobody there');
  return { ...organization, owner, second, third: third ?? second };
}

/** The part of the page that is about one member. */
function partOf(text: string, { user, email }: Registered): string {
  const part = text.split('<li>').find((item) => item.includes(email));
  assert.ok(part, `${user.id} is not on the page`);
  return part;
}

test('each role is offered what it may do to each other, and all see who is there', async () => {
  const { id } = await makePeople('owner', 'member');
  const reached: Record<Role, readonly Role[]> = {
    owner: ['owner', 'admin', 'member'],
    admin: ['admin', 'member'],
    member: [],
  };
  const others = new Map<Role, Registered>();
  for (const role of roles) {
    const other = await bot.register({ name: `Another ${role}` });
    await setRole(bot, id, other.user.id, role);
    others.set(role, other);
  }
  for (const role of roles) {
    const person = await bot.register();
    await setRole(bot, id, person.user.id, role);
    const here = await openOrganization(bot, person, id);
    bot.countStatements();
    const text = await expectText(await here.get(path), 200, /class="badge">You/);
    assert.equal(bot.countStatements(), 2);
    for (const [ofOther, other] of others) {
      const part = partOf(text, other);
      const isReached = reached[role].includes(ofOther);
      assert.equal(part.includes(`action="${path}/role"`), isReached, `${role} on ${ofOther}`);
      assert.equal(part.includes(`action="${path}/remove"`), isReached, `${role} on ${ofOther}`);
      const given = [...part.matchAll(/<option value="(\w+)"/g)].map(([, value]) => value);
      assert.deepEqual(given.toSorted(), isReached ? reached[role].toSorted() : []);
    }
  }
});

test('the only owner is offered nothing for themself, and any other owner to step down', async () => {
  const { id, owner, second } = await makePeople('owner', 'member');
  const here = await openOrganization(bot, owner, id);
  assert.doesNotMatch(partOf(await expectText(await here.get(path), 200), owner), /<form/);
  await setRole(bot, id, second.user.id, 'owner');
  const part = partOf(await expectText(await here.get(path), 200), owner);
  assert.match(part, /members\/role/);
  assert.doesNotMatch(part, /members\/remove/);
});

test('a role is changed, and what the role does not reach is refused on a page, whatever is sent', async () => {
  const { id, owner, second, third } = await makePeople('owner', 'admin', 'member');
  const [byOwner, byAdmin, byMember] = [
    await openOrganization(bot, owner, id),
    await openOrganization(bot, second, id),
    await openOrganization(bot, third, id),
  ];
  const change = (browser: typeof byOwner, { user }: Registered, role: string) =>
    browser.submit(`${path}/role`, { organization_id: id, user_id: user.id, role });
  const before = await readRoles(bot, id);
  await expectText(await change(byMember, third, 'admin'), 403, /don’t have permission/);
  await expectText(await change(byAdmin, second, 'owner'), 403);
  await expectText(await change(byAdmin, owner, 'member'), 403);
  await expectText(await change(byOwner, owner, 'member'), 409, /You’re the only owner/);
  await expectText(await change(byOwner, await bot.register(), 'admin'), 404, /no longer there/);
  await expectText(await change(byOwner, third, 'king'), 422, /href="\/organization\/members"/);
  assert.deepEqual(await readRoles(bot, id), before);
  expectRedirect(await change(byOwner, third, 'admin'), `${path}?notice=role-changed`);
  assert.equal((await readRoles(bot, id)).get(third.user.id), 'admin');
  await expectText(await byOwner.get(`${path}?notice=role-changed`), 200, /The role is changed/);
  const event = (await readTrail(bot, id)).at(-1);
  assert.deepEqual(
    [event?.event, event?.actorId, event?.targetId],
    ['member.role_changed', owner.user.id, third.user.id],
  );
  // Their browser is offered the new role's part at once.
  assert.match(await expectText(await byMember.get('/organization'), 200), /organization\/invitations/);
});

test('a member is removed, at once and everywhere, and only by whose role reaches theirs', async () => {
  const { id, owner, second, third } = await makePeople('owner', 'admin', 'member');
  const [byAdmin, theirs] = [await openOrganization(bot, second, id), await openOrganization(bot, third, id)];
  const token = theirs.cookies.get('__Host-access') ?? '';
  const remove = (browser: typeof byAdmin, { user }: Registered) =>
    browser.submit(`${path}/remove`, { organization_id: id, user_id: user.id });
  await expectText(await remove(theirs, second), 403);
  await expectText(await remove(byAdmin, owner), 403);
  await expectText(await remove(await signIn(bot, await bot.register()), third), 404);
  assert.equal((await readRoles(bot, id)).size, 3);
  expectRedirect(await remove(byAdmin, third), `${path}?notice=removed`);
  assert.deepEqual(
    [...(await readRoles(bot, id)).keys()].toSorted(),
    [owner.user.id, second.user.id].toSorted(),
  );
  await expectProblem(await bot.send('GET', '/v1/me', { token }), 'access-token-stale');
  expectRedirect(await theirs.get(path), '/account/organizations?notice=choose');
  await expectText(await remove(byAdmin, third), 404, /no longer there/);
});

test('fifty are on a page, and the others behind its link, each once', async () => {
  const { id, owner } = await makePeople('owner', 'member');
  await bot.database.sql`
    with made as (
      insert into users (id, email) select gen_random_uuid(), 'crowd-' || n || '@example.com'
      from generate_series(1, 99) as n returning id
    )
    insert into memberships (organization_id, user_id, role) select ${id}, id, 'member' from made`;
  const here = await openOrganization(bot, owner, id);
  const found: string[] = [];
  let at = path;
  for (let pages = 0; at !== '' && pages < 5; pages++) {
    const text = await expectText(await here.get(at), 200);
    const emails = [...text.matchAll(/<strong>([^<]+)<\/strong>/g)].map(([, name]) => String(name));
    assert.ok(emails.length <= 50);
    found.push(...emails);
    at = text.match(/href="(\/organization\/members\?after=[^"]+)"/)?.[1] ?? '';
  }
  assert.equal(new Set(found).size, 101);
  assert.equal(found.length, 101);
  await expectText(await here.get(`${path}?after=%27`), 200);
});

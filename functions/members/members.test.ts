import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roles } from '../../db/roles.ts';
import type { Role } from '../../db/schema.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { makeOrganization, readRoles, readTrail, setRole } from '../../test/support/organizations.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();

interface Page {
  readonly members: readonly { readonly user_id: string; readonly role: Role }[];
  readonly next: string | null;
}

test('of all roles of who asks, whom it is about and what they are to be, none reaches above its own', async () => {
  const { path, id, people } = await makeOrganization(bot, ['owner', 'owner', 'member']);
  const [, caller, target] = people;
  const token = caller?.access_token ?? '';
  const [callerId, targetId] = [caller?.user.id ?? '', target?.user.id ?? ''];
  for (const own of roles) {
    await setRole(bot, id, callerId, own);
    for (const before of roles) {
      for (const after of roles) {
        await setRole(bot, id, targetId, before);
        const request = { token, body: { role: after } };
        const response = await bot.send('PATCH', `${path}/members/${targetId}`, request);
        const isAllowed = own === 'owner' || (own === 'admin' && before !== 'owner' && after !== 'owner');
        if (isAllowed) await expectEmpty(response, 204);
        else await expectProblem(response, 'permission-denied');
        assert.equal((await readRoles(bot, id)).get(targetId), isAllowed ? after : before);
      }
      await setRole(bot, id, targetId, before);
      const removed = await bot.send('DELETE', `${path}/members/${targetId}`, { token });
      const mayRemove = own === 'owner' || (own === 'admin' && before !== 'owner');
      if (mayRemove) await expectEmpty(removed, 204);
      else await expectProblem(removed, 'permission-denied');
      assert.equal((await readRoles(bot, id)).has(targetId), !mayRemove);
    }
  }
});

test('nobody raises themself, and whoever is above steps down', async () => {
  const { path, id, people } = await makeOrganization(bot, ['owner', 'owner', 'admin', 'member']);
  const become = (nth: number, role: Role) =>
    bot.send('PATCH', `${path}/members/${people[nth]?.user.id}`, {
      token: people[nth]?.access_token ?? '',
      body: { role },
    });
  await expectProblem(await become(2, 'owner'), 'permission-denied');
  await expectProblem(await become(3, 'admin'), 'permission-denied');
  await expectEmpty(await become(2, 'member'), 204);
  await expectEmpty(await become(1, 'admin'), 204);
  await expectProblem(await become(0, 'admin'), 'last-owner');
  assert.deepEqual([...(await readRoles(bot, id)).values()].sort(), ['admin', 'member', 'member', 'owner']);
});

test('a role that somebody has already is no event, and another one is', async () => {
  const { path, id, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  const memberId = member?.user.id ?? '';
  for (const role of ['member', 'admin', 'admin']) {
    const request = { token: owner?.access_token ?? '', body: { role } };
    await expectEmpty(await bot.send('PATCH', `${path}/members/${memberId}`, request), 204);
  }
  await expectEmpty(
    await bot.send('DELETE', `${path}/members/${memberId}`, { token: member?.access_token ?? '' }),
    204,
  );
  const [, changed, left, ...more] = await readTrail(bot, id);
  assert.deepEqual(more, []);
  // In the trail of whom it happened to, without the session of whoever did it.
  assert.deepEqual(changed, {
    event: 'member.role_changed',
    userId: memberId,
    actorId: owner?.user.id,
    targetId: memberId,
    sessionId: null,
  });
  assert.deepEqual([left?.event, left?.actorId], ['member.left', memberId]);
  assert.notEqual(left?.sessionId, null);
});

test('who leaves, or is removed, finds nothing more; and nobody finds them', async () => {
  const { path, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  const token = owner?.access_token ?? '';
  const at = `${path}/members/${member?.user.id}`;
  await expectEmpty(await bot.send('DELETE', at, { token }), 204);
  await expectProblem(await bot.send('DELETE', at, { token }), 'not-found');
  await expectProblem(await bot.send('PATCH', at, { token, body: { role: 'admin' } }), 'not-found');
  await expectProblem(await bot.send('GET', path, { token: member?.access_token ?? '' }), 'not-found');
  await expectProblem(await bot.send('DELETE', `${path}/members/no-id`, { token }), 'not-found');
  await expectProblem(await bot.send('GET', '/v1/organizations/no-id/members', { token }), 'not-found');
});

test('what a session does after its person was removed, or has left, stands in no trail of the organization', async () => {
  for (const isLeaving of [false, true]) {
    const { path, id, people } = await makeOrganization(bot, ['owner', 'member']);
    const [owner, member] = people;
    assert.ok(owner && member);
    const { access_token: token, refresh_token } = member;
    const body = { organization_id: id };
    const switched = await bot.send('POST', '/v1/sessions/current/organization', { token, body });
    assert.equal(switched.status, 200);
    const by = isLeaving ? member : owner;
    await expectEmpty(
      await bot.send('DELETE', `${path}/members/${member.user.id}`, { token: by.access_token }),
      204,
    );
    await expectEmpty(await bot.send('POST', '/v1/auth/logout', { body: { refresh_token } }), 204);
    const told = await bot.database.sql`
      select event from audit_events where organization_id = ${id} and event like 'session.%'`;
    assert.deepEqual(told, []);
  }
});

test('whoever is a member from the first page to the last is listed once, whoever comes and goes between', async () => {
  const { path, id, people } = await makeOrganization(bot, ['owner']);
  const token = people[0]?.access_token ?? '';
  const others = await Promise.all(Array.from({ length: 30 }, () => bot.register()));
  for (const { user } of others) await setRole(bot, id, user.id);
  const staying = [people[0], ...others.filter((_, nth) => nth % 3 !== 0)].map((one) => one?.user.id ?? '');
  const leaving = others.filter((_, nth) => nth % 3 === 0).map(({ user }) => user.id);
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const query: string = `limit=4${after === null ? '' : `&after=${after}`}`;
    const page: Page = await expectJson<Page>(
      await bot.send('GET', `${path}/members?${query}`, { token }),
      200,
    );
    assert.ok(page.members.length <= 4);
    seen.push(...page.members.map(({ user_id }) => user_id));
    after = page.next;
    const gone = leaving.shift();
    if (gone)
      await bot.database.sql`delete from memberships where organization_id = ${id} and user_id = ${gone}`;
    const { user } = await bot.register();
    if (seen.length < 12) await setRole(bot, id, user.id);
  } while (after !== null);
  assert.equal(new Set(seen).size, seen.length);
  for (const one of staying) assert.ok(seen.includes(one), one);
});

test('a page has as many as were asked for, a hundred at most, and the last one says so', async () => {
  const { path, people } = await makeOrganization(bot, ['owner', 'admin', 'member']);
  const token = people[0]?.access_token ?? '';
  const read = (query: string) => bot.send('GET', `${path}/members${query}`, { token });
  const all = await expectJson<Page>(await read(''), 200);
  assert.deepEqual(
    all.members.map(({ role }) => role),
    ['owner', 'admin', 'member'],
  );
  assert.equal(all.next, null);
  const exact = await expectJson<Page>(await read('?limit=3'), 200);
  assert.equal(exact.next, null);
  const first = await expectJson<Page>(await read('?limit=2'), 200);
  assert.equal(first.next, first.members[1]?.user_id);
  const beyond = await expectJson<Page>(await read(`?after=${people[2]?.user.id}`), 200);
  assert.deepEqual(beyond, { members: [], next: null });
  for (const limit of ['0', '101', '-1', '1.5', 'x', '']) {
    const { errors } = await expectProblem(await read(`?limit=${limit}`), 'invalid-input');
    assert.equal(errors?.[0]?.pointer, '#/limit', limit);
  }
  const { errors } = await expectProblem(await read('?after=x'), 'invalid-input');
  assert.equal(errors?.[0]?.pointer, '#/after');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { makeOrganization, setRole } from '../../test/support/organizations.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

const refresh = (refresh_token: string, organization_id?: string) =>
  bot.send('POST', '/v1/auth/refresh', {
    body: { refresh_token, ...(organization_id && { organization_id }) },
  });

const switchTo = (token: string, organization_id: string) =>
  bot.send('POST', '/v1/sessions/current/organization', { token, body: { organization_id } });

async function claimsOf({ access_token }: Pick<Tokens, 'access_token'>) {
  const { org, role } = await bot.services.keys.verify(access_token);
  return [org, role];
}

test('a session works in the organization that it was switched to, with the same refresh token', async () => {
  const { id, people } = await makeOrganization(bot, ['owner', 'admin']);
  const [, person] = people;
  assert.ok(person);
  const before = await bot.database
    .sql`select counter, nonce_hash from refresh_tokens where user_id = ${person.user.id}`;
  const switched = await expectJson<Tokens & { organization: object }>(
    await switchTo(person.access_token, id),
    200,
  );
  assert.deepEqual(await claimsOf(switched), [id, 'admin']);
  assert.ok(!('refresh_token' in switched));
  const after = await bot.database
    .sql`select counter, nonce_hash from refresh_tokens where user_id = ${person.user.id}`;
  assert.deepEqual(after, before);
  const next = await expectJson<Tokens>(await refresh(person.refresh_token), 200);
  assert.deepEqual(await claimsOf(next), [id, 'admin']);
  const me = await expectJson<{ organization: { id: string } }>(
    await bot.send('GET', '/v1/me', { token: next.access_token }),
    200,
  );
  assert.equal(me.organization.id, id);
});

test('nobody switches to an organization of others, or to none', async () => {
  const { id } = await makeOrganization(bot, ['owner']);
  const stranger = await bot.register();
  await expectProblem(await switchTo(stranger.access_token, id), 'not-found');
  await expectProblem(await switchTo(stranger.access_token, stranger.user.id), 'not-found');
  const next = await expectJson<Tokens>(await refresh(stranger.refresh_token), 200);
  assert.deepEqual(await claimsOf(next), [stranger.organization.id, 'owner']);
});

test('two tabs of one session work in two organizations, and the session stays in its own', async () => {
  const { id, people } = await makeOrganization(bot, ['owner', 'member']);
  const [, person] = people;
  assert.ok(person);
  let { refresh_token } = person;
  for (let nth = 0; nth < 3; nth++) {
    const here = await expectJson<Tokens>(await refresh(refresh_token), 200);
    assert.deepEqual(await claimsOf(here), [person.organization.id, 'owner']);
    const there = await expectJson<Tokens>(await refresh(here.refresh_token, id), 200);
    assert.deepEqual(await claimsOf(there), [id, 'member']);
    ({ refresh_token } = there);
  }
  // Both at once: one successor, two organizations.
  const [here, there] = await Promise.all([refresh(refresh_token), refresh(refresh_token, id)]);
  const pairs = [await expectJson<Tokens>(here, 200), await expectJson<Tokens>(there, 200)] as const;
  assert.equal(pairs[0].refresh_token, pairs[1].refresh_token);
  assert.deepEqual(await claimsOf(pairs[0]), [person.organization.id, 'owner']);
  assert.deepEqual(await claimsOf(pairs[1]), [id, 'member']);
});

test('a removed member gets no token of the organization, and their refresh token is not used up by asking', async () => {
  const { id, path, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  assert.ok(owner && member);
  await expectJson(await switchTo(member.access_token, id), 200);
  await expectEmpty(
    await bot.send('DELETE', `${path}/members/${member.user.id}`, { token: owner.access_token }),
    204,
  );
  await expectProblem(await refresh(member.refresh_token, id), 'not-found');
  const [session] = await bot.database.sql<{ counter: number }>`
    select counter from refresh_tokens where user_id = ${member.user.id}`;
  assert.equal(session?.counter, 0);
  const none = await expectJson<Tokens>(await refresh(member.refresh_token), 200);
  assert.deepEqual(await claimsOf(none), [undefined, undefined]);
  const own = await expectJson<Tokens>(await refresh(none.refresh_token, member.organization.id), 200);
  assert.deepEqual(await claimsOf(own), [member.organization.id, 'owner']);
});

test('refresh answers the role of now in the organization that it is asked for, in one statement', async () => {
  const { id, people } = await makeOrganization(bot, ['owner', 'member']);
  const [, member] = people;
  assert.ok(member);
  await setRole(bot, id, member.user.id, 'admin');
  bot.countStatements();
  const next = await expectJson<Tokens>(await refresh(member.refresh_token, id), 200);
  assert.equal(bot.countStatements(), 1);
  assert.deepEqual(await claimsOf(next), [id, 'admin']);
});

test('a reused token ends the session, whatever organization it is asked for', async () => {
  const { id, people } = await makeOrganization(bot, ['owner', 'member']);
  const [, member] = people;
  const stranger = await bot.register();
  assert.ok(member);
  for (const [person, organization] of [
    [member, id],
    [stranger, id],
  ] as const) {
    let { refresh_token } = person;
    for (let nth = 0; nth < 3; nth++)
      ({ refresh_token } = await expectJson<Tokens>(await refresh(refresh_token), 200));
    await expectProblem(await refresh(person.refresh_token, organization), 'refresh-token-reused');
    await expectProblem(await refresh(refresh_token), 'refresh-token-invalid');
  }
});

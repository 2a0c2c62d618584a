import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { makeOrganization, readTrail, makeStale } from '../../test/support/organizations.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';

const bot = await startBlockbot();
const password = 'correct horse battery staple';

async function listIds(token: string): Promise<readonly string[]> {
  const response = await bot.send('GET', '/v1/organizations', { token });
  const { organizations } = await expectJson<{ organizations: readonly { id: string }[] }>(response, 200);
  return organizations.map(({ id }) => id);
}

test('deleting wants the slug again, and a sign-in within 15 minutes', async () => {
  const { path, slug, id, people } = await makeOrganization(bot, ['owner', 'admin']);
  const [{ access_token: token } = { access_token: '' }, admin] = people;
  const remove = (body: object, by = token) => bot.send('DELETE', path, { token: by, body });
  await expectProblem(await remove({ slug }, await makeStale(bot, token)), 'reauthentication-required');
  const { errors } = await expectProblem(await remove({ slug: `${slug}-`.slice(1, -1) }), 'invalid-input');
  assert.equal(errors?.[0]?.pointer, '#/slug');
  await expectProblem(await remove({ slug }, admin?.access_token), 'permission-denied');
  const [kept] = await bot.database.sql<{ deletedAt: Date | null }>`
    select deleted_at from organizations where id = ${id}`;
  assert.equal(kept?.deletedAt, null);
  await expectEmpty(await remove({ slug }), 204);
  await expectProblem(await remove({ slug }), 'not-found');
  assert.equal((await readTrail(bot, id)).at(-1)?.event, 'organization.deleted');
});

test('a deleted organization is found nowhere, and its members’ sessions are in none at their next refresh', async () => {
  const { path, slug, id, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  const token = member?.access_token ?? '';
  await expectJson(
    await bot.send('POST', '/v1/sessions/current/organization', { token, body: { organization_id: id } }),
    200,
  );
  await expectEmpty(
    await bot.send('DELETE', path, { token: owner?.access_token ?? '', body: { slug } }),
    204,
  );
  for (const by of people) {
    for (const [method, at, body] of [
      ['GET', path, undefined],
      ['PATCH', path, { name: 'Again' }],
      ['GET', `${path}/members`, undefined],
      ['PATCH', `${path}/members/${member?.user.id}`, { role: 'admin' }],
      ['DELETE', `${path}/members/${by.user.id}`, undefined],
      ['POST', `${path}/transfer`, { user_id: member?.user.id }],
      ['POST', '/v1/sessions/current/organization', { organization_id: id }],
    ] as const) {
      const response = await bot.send(method, at, { token: by.access_token, ...(body && { body }) });
      await expectProblem(response, 'not-found');
    }
    assert.ok(!(await listIds(by.access_token)).includes(id));
  }
  const me = await bot.send('GET', '/v1/me', { token });
  assert.equal((await expectJson<{ organization: unknown }>(me, 200)).organization, null);
  const exported = await bot.send('GET', '/v1/me/export', { token });
  assert.ok(
    !(await expectJson<{ organizations: { id: string }[] }>(exported, 200)).organizations.some(
      (one) => one.id === id,
    ),
  );
  const refreshed = await bot.send('POST', '/v1/auth/refresh', {
    body: { refresh_token: member?.refresh_token },
  });
  const { access_token } = await expectJson<{ access_token: string }>(refreshed, 200);
  const claims = await bot.services.keys.verify(access_token);
  assert.deepEqual([claims.org, claims.role], [undefined, undefined]);
  // Nor does a sign-in start in it, though its membership is the oldest.
  await bot.database
    .sql`update memberships set created_at = now() - interval '1 year' where organization_id = ${id}`;
  const login = { body: { email: member?.email, password } };
  const signedIn = await expectJson<{ access_token: string }>(
    await bot.send('POST', '/v1/auth/login', login),
    200,
  );
  assert.equal((await bot.services.keys.verify(signedIn.access_token)).org, member?.organization.id);
});

test('the only owner of a deleted organization can delete the account, and of a living one not', async () => {
  const { path, slug, people } = await makeOrganization(bot, ['owner', 'member']);
  const [{ access_token: token } = { access_token: '' }] = people;
  const leave = () => bot.send('DELETE', '/v1/me', { token, body: { password } });
  await expectProblem(await leave(), 'organization-has-members');
  await expectEmpty(await bot.send('DELETE', path, { token, body: { slug } }), 204);
  await expectEmpty(await leave(), 204);
});

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import postgres from 'postgres';
import { parseAuditCursor, toAuditCursor } from '../../lib/core/audit-cursor.ts';
import { createKeyring } from '../../lib/core/keyring.ts';
import { createUuid } from '../../lib/core/uuid.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { makeOrganization } from '../../test/support/organizations.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';
import { settleTrail } from '../../test/support/settled-trail.ts';

const bot = await startBlockbot();
const other = postgres(bot.databaseUrl, { max: 1 });
after(() => other.end());

interface Event {
  readonly id: string;
  readonly event: string;
  readonly user_id: string | null;
  readonly actor_kind: string | null;
  readonly actor_id: string | null;
  readonly target_id: string | null;
}

interface Trail {
  readonly audit_events: readonly Event[];
  readonly next: string;
}

const own = '/v1/me/audit-events';
async function read(path: string, token = ''): Promise<Trail> {
  await settleTrail(bot.database);
  return expectJson<Trail>(await bot.send('GET', path, { token }), 200);
}
const namesOf = ({ audit_events: events }: Trail) => events.map(({ event }) => event);

test('a row of a transaction that began early and commits late is served once, and none before its turn', async () => {
  const { path, id: organizationId, people } = await makeOrganization(bot, ['owner']);
  const [early = '', ...later] = Array.from({ length: 4 }, (_, nth) => createUuid(Date.now() + nth));
  const first = await read(`${path}/audit-events`, people[0]?.access_token);
  let [lastId, next] = [first.audit_events.at(-1)?.id ?? '', first.next];
  const byId: string[] = [];
  const byCursor: string[] = [];
  const poll = async () => {
    const at = `${path}/audit-events?limit=2&after=${next}`;
    const page = await bot.send('GET', at, { token: people[0]?.access_token ?? '' });
    const { audit_events: events, ...rest } = await expectJson<Trail>(page, 200);
    next = rest.next;
    byCursor.push(...events.map(({ id }) => id));
    // As a reader does who goes on from the greatest id.
    const rows = await bot.database.sql<{ id: string }>`
      select id from audit_events where organization_id = ${organizationId} and id > ${lastId} order by id`;
    lastId = rows.at(-1)?.id ?? lastId;
    byId.push(...rows.map(({ id }) => id));
  };
  await other.begin(async (held) => {
    await held`
      insert into audit_events (id, event, organization_id) values (${early}, 'organization.renamed', ${organizationId})`;
    for (const id of later) {
      await bot.database.sql`
        insert into audit_events (id, event, organization_id) values (${id}, 'organization.renamed', ${organizationId})`;
    }
    await poll();
    assert.deepEqual(byCursor, []);
  });
  await settleTrail(bot.database);
  for (let i = 0; i < 3; i++) await poll();
  assert.deepEqual(byId, later);
  assert.deepEqual(byCursor, [early, ...later]);
});

test('whoever goes on from page to page has each event once, and what happens meanwhile', async () => {
  const { path, people } = await makeOrganization(bot, ['owner']);
  const token = people[0]?.access_token ?? '';
  const rename = (name: string) => bot.send('PATCH', path, { token, body: { name } });
  for (let i = 0; i < 3; i++) await rename(`Name ${i}`);
  const whole = await read(`${path}/audit-events`, token);
  assert.deepEqual(namesOf(whole), [
    'organization.created',
    ...Array<string>(3).fill('organization.renamed'),
  ]);
  const seen: Event[] = [];
  let at = `${path}/audit-events?limit=1`;
  for (let i = 0; i < 6; i++) {
    await settleTrail(bot.database);
    const response = await bot.send('GET', at, { token });
    const { audit_events: events, next } = await expectJson<Trail>(response, 200);
    const [, link = ''] =
      response.headers.get('link')?.match(/^<https:\/\/api\.example\.com(.+)>; rel="next"$/) ?? [];
    assert.equal(new URL(link, 'https://api.example.com').searchParams.get('after'), next);
    assert.equal(events.length, i < 5 ? 1 : 0);
    seen.push(...events);
    at = link;
    if (i === 2) await rename('Meanwhile');
  }
  assert.deepEqual(seen.slice(0, 4), whole.audit_events);
  assert.equal(new Set(seen.map(({ id }) => id)).size, 5);
  const renamed = await read(`${path}/audit-events?event=organization.renamed&limit=500`, token);
  assert.deepEqual(renamed.audit_events, seen.slice(1));
});

test('an event a line is for who would rather have that', async () => {
  const { path, people } = await makeOrganization(bot, ['owner']);
  const token = people[0]?.access_token ?? '';
  const ask = (Accept: string, at = `${path}/audit-events`) =>
    bot.send('GET', at, { token, headers: { Accept } });
  const { audit_events: events, next } = await read(`${path}/audit-events`, token);
  assert.equal(events.length, 1);
  const response = await ask('application/json;q=0.5, application/x-ndjson');
  assert.equal(response.headers.get('content-type'), 'application/x-ndjson');
  assert.match(response.headers.get('vary') ?? '', /(?:^|, )Accept(?:,|$)/);
  assert.match(response.headers.get('link') ?? '', /rel="next"$/);
  assert.equal(await response.text(), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const end = await ask('application/x-ndjson', `${path}/audit-events?after=${next}`);
  assert.deepEqual([end.status, await end.text()], [200, '']);
  for (const accept of ['*/*', 'application/*', 'application/json, application/x-ndjson;q=0.9']) {
    assert.equal((await ask(accept)).headers.get('content-type'), 'application/json', accept);
  }
});

test('an organization’s trail is for its owners and admins, in one statement', async () => {
  const { path, people } = await makeOrganization(bot, ['owner', 'admin', 'member']);
  const stranger = await bot.register();
  const trail = `${path}/audit-events`;
  await settleTrail(bot.database);
  for (const { access_token: token } of people.slice(0, 2)) {
    bot.countStatements();
    const response = await bot.send('GET', trail, { token });
    assert.equal(bot.countStatements(), 1);
    const { audit_events: events } = await expectJson<Trail>(response, 200);
    assert.equal(events[0]?.event, 'organization.created');
  }
  const refused = await bot.send('GET', trail, { token: people[2]?.access_token ?? '' });
  assert.match(
    refused.headers.get('www-authenticate') ?? '',
    /error="insufficient_scope", scope="audit:read"/,
  );
  await expectProblem(refused, 'permission-denied');
  for (const at of [trail, '/v1/organizations/none/audit-events']) {
    await expectProblem(await bot.send('GET', at, { token: stranger.access_token }), 'not-found');
  }
  await bot.database
    .sql`update refresh_tokens set revoked_at = now() where user_id = ${people[0]?.user.id ?? ''}`;
  for (const at of [trail, own]) {
    bot.countStatements();
    const response = await bot.send('GET', at, { token: people[0]?.access_token ?? '' });
    assert.equal(bot.countStatements(), 1);
    await expectProblem(response, 'session-ended');
  }
});

test('a person reads what happened to them and what they did, and not who else did what', async () => {
  const { path, people } = await makeOrganization(bot, ['owner', 'member']);
  const [owner, member] = people;
  const response = await bot.send('PATCH', `${path}/members/${member?.user.id}`, {
    token: owner?.access_token ?? '',
    body: { role: 'admin' },
  });
  assert.equal(response.status, 204);
  const theirs = await read(own, member?.access_token);
  const happened = theirs.audit_events.at(-1);
  assert.deepEqual(namesOf(theirs), ['account.registered', 'session.started', 'member.role_changed']);
  assert.deepEqual([happened?.actor_kind, happened?.actor_id], ['user', null]);
  const done = (await read(own, owner?.access_token)).audit_events.at(-1);
  assert.deepEqual(
    [done?.event, done?.actor_id, done?.user_id],
    ['member.role_changed', owner?.user.id, member?.user.id],
  );
});

test('an operator is not named, and names that were spelt otherwise are as they are now', async () => {
  const { path, id, people } = await makeOrganization(bot, ['owner']);
  await bot.database.sql`
    insert into audit_events (id, event, organization_id, actor_kind, actor_id)
    values (${createUuid()}, 'session.code-reused', ${id}, 'operator', 'grace')`;
  const page = await read(`${path}/audit-events?event=session.code_reused`, people[0]?.access_token);
  assert.deepEqual(
    page.audit_events.map(({ event, actor_kind, actor_id }) => [event, actor_kind, actor_id]),
    [['session.code_reused', 'operator', null]],
  );
});

test('a cursor is one that was answered by this cluster, and nothing else', async () => {
  const { access_token: token } = await bot.register();
  const { next } = await read(own, token);
  const position = parseAuditCursor(bot.services.keyring, next);
  assert.ok(position);
  const foreign = createKeyring(['another secret that is long enough for all of it']);
  const refused = async (query: string, pointer: string) => {
    const { errors } = await expectProblem(
      await bot.send('GET', `${own}?${query}`, { token }),
      'invalid-input',
    );
    assert.equal(errors?.[0]?.pointer, pointer, query);
  };
  for (const after of ['', 'x', `A${next.slice(1)}`, next.slice(0, -4), toAuditCursor(foreign, position)]) {
    await refused(`after=${after}`, '#/after');
  }
  const restored = toAuditCursor(bot.services.keyring, { ...position, systemId: '-1' });
  await refused(`after=${restored}`, '#/after');
  for (const limit of ['0', '501', '1.5', '']) await refused(`limit=${limit}`, '#/limit');
  await refused('event=session.code-reused', '#/event');
  assert.deepEqual((await read(`${own}?after=${next}`, token)).audit_events, []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { browserUser } from './browser-session.ts';
import { createFunction } from '../http/function.ts';
import { guard } from '../http/guard.ts';
import { page } from './page.ts';
import { Outage } from '../../db/outage.ts';
import { limit } from '../http/limit.ts';
import { api } from '../rate-limit/policies.ts';

const bot = await startBlockbot();
const rules = guard({ caller: browserUser, limits: limit(api) });
const endpoint = createFunction().get('/account/things', page(), rules, (c) =>
  c.text(c.var.request.caller.userId),
);

/** Opens the endpoint with these cookies, and tells which it sets. */
async function open(
  cookies: Readonly<Record<string, string | undefined>>,
  app = endpoint,
  path = '/account/things',
) {
  const given = Object.entries(cookies).filter(([, value]) => value !== undefined);
  const Cookie = given.map(([name, value]) => `__Host-${name}=${value}`).join('; ');
  bot.countStatements();
  const response = await bot.send('GET', path, { headers: { Cookie } }, app);
  const set = new Map(
    response.headers.getSetCookie().map((cookie) => {
      const [, name = '', value = ''] = cookie.match(/^__Host-(\w+)=([^;]*)/) ?? [];
      return [name, value];
    }),
  );
  return { response, set, statements: bot.countStatements() };
}

test('browserUser knows who holds an access cookie without asking the database', async () => {
  const { access_token, refresh_token, user } = await bot.register();
  const { response, set, statements } = await open({ access: access_token, session: refresh_token });
  assert.equal(await response.text(), user.id);
  assert.deepEqual([set.size, statements], [0, 0]);
});

test('browserUser refreshes by one statement once the access cookie is gone or bad, and sets both cookies anew', async () => {
  for (const access of [undefined, '', 'not.a.token']) {
    const { refresh_token, user } = await bot.register();
    const { response, set, statements } = await open({ access, session: refresh_token });
    assert.equal(await response.text(), user.id);
    assert.equal(statements, 1);
    assert.deepEqual([...set.keys()], ['session', 'access']);
    const next = await open({ access: set.get('access'), session: set.get('session') });
    assert.equal(next.response.status, 200);
    assert.equal(next.statements, 0);
  }
});

test('browserUser gives ten tabs that wake up at once the same next session', async () => {
  const { refresh_token } = await bot.register();
  const opened = await Promise.all(Array.from({ length: 10 }, () => open({ session: refresh_token })));
  assert.deepEqual([...new Set(opened.map(({ response }) => response.status))], [200]);
  assert.equal(new Set(opened.map(({ set }) => set.get('session'))).size, 1);
});

test('browserUser sends strangers to sign in, and back with the query they came with', async () => {
  const { response, set } = await open({}, endpoint, '/account/things?page=2&x=%2F');
  assert.equal(response.status, 303);
  assert.equal(
    response.headers.get('location'),
    '/auth/sign-in?to=%2Faccount%2Fthings%3Fpage%3D2%26x%3D%252F',
  );
  assert.equal(set.size, 0);
});

test('browserUser takes the cookies of a dead session away and says why', async () => {
  const { refresh_token } = await bot.register();
  await bot.send('POST', '/v1/auth/logout', { body: { refresh_token } });
  for (const session of [refresh_token, 'made-up']) {
    const { response, set } = await open({ session });
    assert.equal(response.status, 303);
    assert.match(response.headers.get('location') ?? '', /^\/auth\/sign-in\?notice=session-ended&to=/);
    assert.deepEqual(
      [...set],
      [
        ['session', ''],
        ['access', ''],
      ],
    );
  }
});

test('browserUser keeps the cookies while the database is away', async () => {
  const { refresh_token } = await bot.register();
  const { database } = bot.services;
  const away = () => Promise.reject(new Outage('ECONNREFUSED', 'Postgres is away'));
  Object.assign(bot.services, { database: { sql: away, transaction: away } });
  const { response, set } = await open({ session: refresh_token });
  Object.assign(bot.services, { database });
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('retry-after'), '1');
  assert.match(await response.text(), /Try again in 1 second/);
  assert.equal(set.size, 0);
});

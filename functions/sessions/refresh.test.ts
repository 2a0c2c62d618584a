import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api } from '../../lib/rate-limit/policies.ts';
import { formatRefreshToken, parseRefreshToken } from '../../lib/security/refresh-token.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import refresh from './refresh.ts';

const bot = await startBlockbot();
/** From one address, which no limit stops. */
async function next(refreshToken: string): Promise<Response> {
  const address = '192.0.2.7';
  await bot.services.rateLimits.reset(api, `address:${address}`);
  return bot.send('POST', '/v1/auth/refresh', { body: { refresh_token: refreshToken }, address }, refresh);
}

interface TokenPair {
  readonly access_token: string;
  readonly refresh_token: string;
}

const sessionIdOf = (token: string) => parseRefreshToken(token, bot.services.keyring)?.sessionId ?? '';

async function readSession(token: string) {
  const [row] = await bot.database.sql<{ counter: number; revokedAt: Date | null; xmin: string }>`
    select counter, revoked_at, xmin::text from refresh_tokens where id = ${sessionIdOf(token)}`;
  assert.ok(row);
  return row;
}

/** As if the last rotation had been this long ago. */
const age = (token: string, interval: string) => bot.database.sql`
  update refresh_tokens set rotated_at = rotated_at - ${interval}::text::interval where id = ${sessionIdOf(token)}`;

test('refresh answers the next pair in one statement, and the next pair works', async () => {
  const { refresh_token, access_token } = await bot.register();
  bot.countStatements();
  const second = await expectJson<TokenPair>(await next(refresh_token), 200);
  assert.equal(bot.countStatements(), 1);
  assert.notEqual(second.refresh_token, refresh_token);
  assert.notEqual(second.access_token, access_token);
  await expectJson(await bot.send('GET', '/v1/me', { token: second.access_token }), 200);
  await expectJson(await next(second.refresh_token), 200);
});

test('a change of the schema between two refreshes logs nobody out', async () => {
  let { refresh_token: token } = await bot.register();
  for (let nth = 0; nth < 2; nth++)
    ({ refresh_token: token } = await expectJson<TokenPair>(await next(token), 200));
  await bot.database.sql`
    do $$
      declare definition text := pg_get_viewdef('live_memberships');
      begin
        drop view live_memberships;
        alter table memberships alter column role type varchar(20);
        execute 'create view live_memberships as ' || definition;
      end
    $$`;
  for (let nth = 0; nth < 2; nth++)
    ({ refresh_token: token } = await expectJson<TokenPair>(await next(token), 200));
});

test('a hundred parallel refreshes of one token get one successor, and one row is updated once', async () => {
  const { refresh_token } = await bot.register();
  const before = await countSessions();
  const answers = await Promise.all(Array.from({ length: 100 }, () => next(refresh_token)));
  const pairs = await Promise.all(answers.map((answer) => expectJson<TokenPair>(answer, 200)));
  assert.equal(new Set(pairs.map((pair) => pair.refresh_token)).size, 1);
  assert.equal((await readSession(refresh_token)).counter, 1);
  assert.equal(await countSessions(), before);
});

test('a token that was just replaced gets the same successor again, without a write', async () => {
  const { refresh_token } = await bot.register();
  const first = await expectJson<TokenPair>(await next(refresh_token), 200);
  const { xmin } = await readSession(refresh_token);
  const again = await expectJson<TokenPair>(await next(refresh_token), 200);
  assert.equal(again.refresh_token, first.refresh_token);
  assert.equal((await readSession(refresh_token)).xmin, xmin);
});

test('a token whose answer was lost gets the same successor whenever it comes again', async () => {
  const { refresh_token } = await bot.register();
  const first = await expectJson<TokenPair>(await next(refresh_token), 200);
  await age(refresh_token, '20 hours');
  const again = await expectJson<TokenPair>(await next(refresh_token), 200);
  assert.equal(again.refresh_token, first.refresh_token);
  await expectJson(await next(first.refresh_token), 200);
});

test('a thief who follows each refresh of the owner with the same token is caught at the third', async () => {
  const { refresh_token } = await bot.register();
  let shared = refresh_token;
  let generation = 0;
  for (; generation < 10; generation++) {
    const { refresh_token: successor } = await expectJson<TokenPair>(await next(shared), 200);
    await age(refresh_token, '14 minutes');
    const stolen = await next(shared);
    if (stolen.status !== 200) {
      await expectProblem(stolen, 'refresh-token-reused');
      break;
    }
    shared = successor;
  }
  assert.equal(generation, 2);
  await expectProblem(await next(shared), 'refresh-token-invalid');
});

test('a client that loses an answer now and then is never taken for a thief', async () => {
  const { refresh_token } = await bot.register();
  let current = refresh_token;
  for (let generation = 0; generation < 12; generation++) {
    const { refresh_token: successor } = await expectJson<TokenPair>(await next(current), 200);
    if (generation % 3 < 2) {
      await age(refresh_token, '5 minutes');
      for (let i = 0; i < 3; i++) await expectJson(await next(current), 200);
    }
    current = successor;
  }
});

test('a reused token ends the session, writes one audit event and answers 401', async () => {
  const { refresh_token } = await bot.register();
  const { refresh_token: second } = await expectJson<TokenPair>(await next(refresh_token), 200);
  const { refresh_token: third } = await expectJson<TokenPair>(await next(second), 200);
  await expectProblem(await next(refresh_token), 'refresh-token-reused');
  await expectProblem(await next(third), 'refresh-token-invalid');
  await expectProblem(await next(refresh_token), 'refresh-token-invalid');
  const events = await bot.database.sql`
    select id from audit_events
    where session_id = ${sessionIdOf(second)} and event = 'session.refresh_token_reused'`;
  assert.equal(events.length, 1);
});

test('a token two generations old is taken for stolen at once', async () => {
  const { refresh_token } = await bot.register();
  const { refresh_token: second } = await expectJson<TokenPair>(await next(refresh_token), 200);
  await expectJson(await next(second), 200);
  await expectProblem(await next(refresh_token), 'refresh-token-reused');
  assert.notEqual((await readSession(second)).revokedAt, null);
});

test('a session ends 30 days after its last use and 90 days after its start', async () => {
  const idle = await bot.register();
  await age(idle.refresh_token, '30 days');
  await expectProblem(await next(idle.refresh_token), 'refresh-token-invalid');
  const old = await bot.register();
  await bot.database.sql`
    update refresh_tokens set expires_at = expires_at - interval '90 days' where id = ${sessionIdOf(old.refresh_token)}`;
  await expectProblem(await next(old.refresh_token), 'refresh-token-invalid');
});

test('a token that this deployment did not make is refused without a statement', async () => {
  const { refresh_token } = await bot.register();
  bot.countStatements();
  const flipped =
    refresh_token.slice(0, -3) + (refresh_token.at(-3) === 'A' ? 'B' : 'A') + refresh_token.slice(-2);
  for (const token of ['', 'x', 'bbrt_', flipped, refresh_token.slice(5), `${refresh_token}A`]) {
    await expectProblem(await next(token), 'refresh-token-invalid');
  }
  assert.equal(bot.countStatements(), 0);
});

test('a token of our own key with a counter that no session reaches is refused as invalid', async () => {
  const { refresh_token } = await bot.register();
  const { keyring } = bot.services;
  const token = parseRefreshToken(refresh_token, keyring);
  assert.ok(token);
  for (const counter of [2 ** 31 - 2, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]) {
    await expectProblem(
      await next(formatRefreshToken({ ...token, counter }, keyring)),
      'refresh-token-invalid',
    );
  }
  await expectJson(await next(refresh_token), 200);
});

test('refresh follows the role of the person as it is now', async () => {
  const { refresh_token, user } = await bot.register();
  await bot.database.sql`update memberships set role = 'member' where user_id = ${user.id}`;
  const { access_token } = await expectJson<TokenPair>(await next(refresh_token), 200);
  const claims = await bot.services.keys.verify(access_token);
  assert.equal(claims.role, 'member');
  await bot.database.sql`delete from memberships where user_id = ${user.id}`;
  const { access_token: without } = await expectJson<TokenPair>(await next(refresh_token), 200);
  const { org, role } = await bot.services.keys.verify(without);
  assert.deepEqual({ org, role }, { org: undefined, role: undefined });
});

async function countSessions(): Promise<number> {
  const rows = await bot.database.sql`select id from refresh_tokens`;
  return rows.length;
}

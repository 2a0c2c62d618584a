/** What becomes of access tokens that are out already when an operator ends what they stand on. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, suite, test } from 'node:test';
import { Redis } from '@upstash/redis';
import { createSharedRateLimits } from '../../hosts/core/shared-rate-limits.ts';
import { createRespRequester } from '../../hosts/node/redis/resp-requester.ts';
import { createKeyring } from '../../lib/core/keyring.ts';
import { createLog } from '../../lib/core/log.ts';
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { limit } from '../../lib/http/limit.ts';
import { api } from '../../lib/rate-limit/policies.ts';
import { startBlockbot } from '../../test/support/blockbot.ts';
import { makeOrganization } from '../../test/support/organizations.ts';
import { startRedis, withoutRedis } from '../../test/support/redis-server.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';

/** A route of a product, which looks at the token and at nothing else. */
const route = createFunction().get('/v1/reports', guard({ caller: user, limits: limit(api) }), (c) =>
  c.json({}),
);

const secret = 'a secret of this test that is long enough for all';

suite('an access token', { skip: withoutRedis }, async () => {
  if (withoutRedis) return;
  const redis = await startRedis();
  after(redis.close);
  const log = createLog({ write: () => undefined });
  const keyring = createKeyring([secret]);
  const requester = await createRespRequester({ target: { url: redis.url }, log });
  after(requester.close);
  const bot = await startBlockbot({
    keyring,
    rateLimits: createSharedRateLimits(new Redis(requester), { log, keyring }).store,
  });

  const ask = (token: string) => bot.send('GET', '/v1/reports', { token }, route);
  const bare = { PATH: process.env['PATH'], DATABASE_URL: bot.databaseUrl, USER: 'grace' };
  const shared = { ...bare, REDIS_URL: redis.url };

  const users = (env: NodeJS.ProcessEnv, ...args: readonly string[]) => run('users', env, args);

  function run(name: string, env: NodeJS.ProcessEnv, args: readonly string[]) {
    return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const command = ['--import', 'tsx', `scripts/${name}.ts`, ...args];
      execFile(process.execPath, command, { env }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  for (const [name, rest] of [
    ['disable', ['--reason', 'security']],
    ['end-sessions', []],
    ['delete', ['--yes']],
  ] as const) {
    test(`is refused at the next request after ${name} where the routers' Redis is named`, async () => {
      const [account, other] = [await bot.register(), await bot.register()];
      await expectJson(await ask(account.access_token), 200);
      const { code, stdout, stderr } = await users(shared, name, account.email, ...rest);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /\nAccess tokens that are out already are refused from now on\.\n$/);
      await expectProblem(await ask(account.access_token), 'access-token-stale');
      await expectJson(await ask(other.access_token), 200);
    });
  }

  test('that tells of a role is refused at the next request after set-owner, and one refresh mends it', async () => {
    const { id, slug, people } = await makeOrganization(bot, ['owner', 'member']);
    const [owner, member] = people;
    assert.ok(owner && member);
    const refresh = async (refresh_token: string) => {
      const body = { refresh_token, organization_id: id };
      const response = await bot.send('POST', '/v1/auth/refresh', { body });
      return expectJson<{ access_token: string; refresh_token: string }>(response, 200);
    };
    const [ofOwner, before] = [await refresh(owner.refresh_token), await refresh(member.refresh_token)];
    await expectJson(await ask(before.access_token), 200);
    const { code, stdout, stderr } = await run('organizations', shared, ['set-owner', slug, member.email]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /\nAccess tokens that are out already are refused from now on\.\n$/);
    await expectProblem(await ask(before.access_token), 'access-token-stale');
    const { access_token: after } = await refresh(before.refresh_token);
    assert.equal((await bot.services.keys.verify(after)).role, 'owner');
    for (const token of [after, member.access_token, ofOwner.access_token]) {
      await expectJson(await ask(token), 200);
    }
  });

  test('of a person who is enabled again counts from their next sign-in', async () => {
    const { email, password, access_token: before } = await bot.register();
    await users(shared, 'disable', email, '--reason', 'request');
    await users(shared, 'enable', email);
    const signIn = await bot.send('POST', '/v1/auth/login', { body: { email, password } });
    const { access_token: next } = await expectJson<{ access_token: string }>(signIn, 200);
    await expectJson(await ask(next), 200);
    await expectProblem(await ask(before), 'access-token-stale');
  });

  test('goes on where no Redis is named, and the command says for how long', async () => {
    const { email, access_token: token, user: person } = await bot.register();
    const { code, stdout } = await users(bare, 'end-sessions', email);
    assert.equal(code, 0);
    assert.match(stdout, /\nAccess tokens .* for up to 15 minutes .*: no Redis is named here\.\n$/);
    await expectJson(await ask(token), 200);
    const document = JSON.parse((await users(bare, 'end-sessions', email, '--json')).stdout) as object;
    assert.deepEqual(document, {
      ...{ user: { id: person.id, email }, changed: true, ended_sessions: 0, access_tokens: 'expire' },
    });
  });

  for (const [told, env] of [
    ['REDIS_URL', { REDIS_URL: 'https://redis.example' }],
    [
      'UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN',
      { UPSTASH_REDIS_REST_URL: 'https://redis.example' },
    ],
    [
      'REDIS_URL and UPSTASH_REDIS_REST_URL',
      { ...shared, UPSTASH_REDIS_REST_URL: 'https://redis.example', UPSTASH_REDIS_REST_TOKEN: 'token' },
    ],
  ] as const) {
    test(`is not ended, nor anything else, where a router would not start with ${told} as it is`, async () => {
      const { email, user: person } = await bot.register();
      const { code, stderr } = await users({ ...bare, ...env }, 'disable', email, '--reason', 'abuse');
      assert.deepEqual([code, stderr.split(':')[1]], [1, ` ${told}`]);
      const [row] = await bot.database.sql<{ live: number }>`
        select count(*)::int as live from live_sessions where user_id = ${person.id}`;
      assert.equal(row?.live, 1);
    });
  }

  redis.run('ACL', 'SETUSER', 'reader', 'on', '>password', '~*', '+@read', '+@connection');
  for (const [what, url, cause] of [
    ['that is away', 'redis://127.0.0.1:1', /^Redis is away: ECONNREFUSED\n$/],
    [
      'that knows no such user',
      `redis://nobody:password@127.0.0.1:${redis.port}`,
      /^Redis is away: WRONGPASS .*\n$/,
    ],
    [
      'that lets its user only read',
      `redis://reader:password@127.0.0.1:${redis.port}`,
      /^Redis refused: NOPERM .*\n$/,
    ],
  ] as const) {
    test(`outlives a Redis ${what}: it says so, and the sessions end all the same`, async () => {
      const { email, user: person } = await bot.register();
      const away = { ...shared, REDIS_URL: url };
      const { code, stdout, stderr } = await users(away, 'disable', email, '--reason', 'abuse');
      assert.equal(code, 0);
      assert.match(stdout, /Redis could not be told\.\n$/);
      assert.match(stderr, cause);
      const [row] = await bot.database.sql<{ unrevoked: number }>`
      select count(*)::int as unrevoked from refresh_tokens where user_id = ${person.id} and revoked_at is null`;
      assert.equal(row?.unrevoked, 0);
    });
  }
});

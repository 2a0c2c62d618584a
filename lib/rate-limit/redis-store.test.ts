import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test, { after, before, describe } from 'node:test';
import type { Redis } from '@upstash/redis';
import { createClockedRedisStore } from '../../test/support/clocked-redis-store.ts';
import { withoutRedis } from '../../test/support/redis-server.ts';
import { startRestRedis } from '../../test/support/rest-redis.ts';
import type { RedisRestServer } from '../../test/support/redis-rest-server.ts';
import { slidingWindow, toRedisScript } from './redis-script.ts';
import { createRedisStore } from './redis-store.ts';
import type { Check, RateLimitStore } from './store.ts';
import { exactContract } from './exact.contract.ts';
import { storeContract } from './store.contract.ts';
import { createUpstashRedis } from '../../test/support/upstash-redis.ts';

const secret = 'thirty-two bytes for the keys of';
const policy = {
  name: 'log',
  limit: 5,
  windowMs: 60_000,
  keyedBy: 'address',
  onStoreFailure: 'local',
} as const;
const large = { ...policy, name: 'large', limit: 1000 } as const;
const check = (more: Partial<Check> = {}): Check => ({ policy, key: 'a', id: crypto.randomUUID(), ...more });

test('the hash by which Redis is asked to decide is that of the script', async () => {
  assert.equal(slidingWindow.sha, toRedisScript(await slidingWindow.load()).sha);
});

describe('redis store', { skip: withoutRedis }, () => {
  let endpoint: RedisRestServer;
  let redis: Redis;
  let close: () => Promise<void>;
  let store: RateLimitStore;

  before(async () => {
    ({ endpoint, redis, close } = await startRestRedis());
    store = createRedisStore({ redis, secret });
  });
  after(() => close());

  storeContract('redis store', async () => createClockedRedisStore(redis));
  exactContract('redis store', async () => createClockedRedisStore(redis));

  for (const form of [policy, large]) {
    test(`${form.name}: the key outlives what it counts by a second, and by a quarter of the window at most`, async () => {
      await redis.flushdb();
      const { store: clocked, advance } = createClockedRedisStore(redis);
      const hit = async (): Promise<void> => void (await clocked.take([check({ policy: form })]));
      const life = form.windowMs * 1.25 + 1000;
      await hit();
      const name = await only(redis.keys(`rl2:${form.name}:*`));
      const isNew = async (): Promise<boolean> => {
        const left = await redis.pttl(name);
        assert.ok(left > 0 && left <= life, `${String(left)} ms`);
        return left > form.windowMs;
      };
      assert.ok(await isNew());
      await redis.pexpire(name, 30_000);
      advance(form.windowMs * 0.25);
      await hit();
      assert.equal(await isNew(), false, 'it still lives long enough');
      advance(1);
      await hit();
      assert.ok(await isNew());
    });

    test(`${form.name}: what is denied, looked at or repeated writes nothing`, async () => {
      const key = crypto.randomUUID();
      const contents = (name: string) =>
        redis.eval<[], string>("return redis.sha1hex(redis.call('GET', KEYS[1]))", [name], []);
      await redis.flushdb();
      const first = check({ key, policy: form, cost: 4 });
      await store.take([first]);
      const name = await only(redis.keys(`rl2:${form.name}:*`));
      await redis.persist(name);
      const written = await contents(name);
      const [denied] = await store.take([check({ key, policy: form, cost: form.limit })]);
      await store.take([check({ key, policy: form, cost: 0 }), first]);
      assert.equal(denied?.allowed, false);
      assert.equal(denied.remaining, form.limit - 4);
      assert.equal(await contents(name), written);
      assert.equal(await redis.pttl(name), -1);
    });

    test(`${form.name}: a repeated id is charged once and a refund gives it back once`, async () => {
      const key = crypto.randomUUID();
      const first = check({ key, policy: form, cost: 3 });
      const remaining = async (): Promise<number | undefined> =>
        (await store.take([check({ key, policy: form, cost: 0 })]))[0]?.remaining;
      await store.take([check({ key, policy: form }), first]);
      await store.take([first]);
      assert.equal(await remaining(), form.limit - 4);
      await store.refund(first);
      await store.refund(first);
      await store.refund(check({ key, policy: form }));
      assert.equal(await remaining(), form.limit - 1);
      await store.reset(form, key);
      assert.equal(await remaining(), form.limit);
    });
  }

  test('a key in Redis ends in 132 bits of what is derived of the secret for whom it counts', async () => {
    await redis.flushdb();
    await store.take([check({ key: 'Zoë@example.com' })]);
    const digest = createHash('sha256').update(`\0\0\0\u0001${secret}Zoë@example.com`).digest('base64url');
    assert.equal(await only(redis.keys('*')), `rl2:log:${digest.slice(0, 22)}`);
  });

  test('no address and no mail address stands in Redis, and another secret finds nothing', async () => {
    await store.take([check({ key: 'ada@example.com' }), check({ key: '192.0.2.1', policy: large })]);
    const names = await redis.keys('*');
    assert.ok(names.every((name) => !/ada|192/.test(name)));
    const other = createRedisStore({ redis, secret: 'another' });
    assert.equal((await other.take([check({ key: 'ada@example.com' })]))[0]?.remaining, 4);
  });

  test('what was revoked stays revoked under another secret, and says whose it was by ids of ours alone', async () => {
    await redis.flushdb();
    const subject = `user:${crypto.randomUUID()}`;
    const revocation = { subject, parts: ['session:of-before'], at: Date.now(), lastsMs: 60_000 };
    await store.revoke([revocation]);
    assert.deepEqual(await redis.keys('*'), [`revoked:${subject}`]);
    const rotated = createRedisStore({ redis, secret: 'another' });
    const asked = [{ subject, parts: revocation.parts, asOf: revocation.at - 1 }];
    assert.equal((await rotated.take(asked))[0]?.allowed, false);
  });

  test('a failure rejects, and its error repeats neither the script nor the keys', async () => {
    const wrong = createRedisStore({ redis: createUpstashRedis({ ...endpoint, token: 'wrong' }), secret });
    const away = createRedisStore({
      redis: createUpstashRedis({ ...endpoint, url: 'http://127.0.0.1:1' }),
      secret,
    });
    const broken = createRedisStore({
      redis,
      secret,
      script: toRedisScript('return redis.call("NO", KEYS[1], ARGV[3])'),
    });
    const senseless = createRedisStore({ redis, secret, script: toRedisScript('return { 1, 2 }') });
    for (const [failing, message] of [
      [wrong, /could not be asked: (WRONGPASS|ERR|Unauthorized)/],
      [away, /could not be asked: (connect ECONNREFUSED|fetch failed|bad port)/],
      [broken, /refused: ERR/],
      [senseless, /something else than a decision/],
    ] as const) {
      const asked = check({ key: 'secret-key' });
      await assert.rejects(failing.take([asked]), (error: Error) => {
        assert.match(error.message, message);
        assert.equal(error.cause, undefined);
        return !/evalsha|rl2:/.test(String(error.stack).split('\n', 1)[0] ?? '');
      });
    }
  });

  test('large: an id that has left the window is charged again, and refunded once', async () => {
    const { store: clocked, advance } = createClockedRedisStore(redis);
    const first = check({ policy: large, cost: 10 });
    const remaining = async (): Promise<number | undefined> =>
      (await clocked.take([check({ policy: large, cost: 0 })]))[0]?.remaining;
    await clocked.take([first]);
    advance(large.windowMs * 1.1);
    await clocked.take([check({ policy: large }), first]);
    assert.equal(await remaining(), 989);
    await clocked.refund(first);
    await clocked.refund(first);
    assert.equal(await remaining(), 999);
  });

  test('a full log of a large limit knows its newest 64 ids, and gives back what they took', async () => {
    const { store: clocked, advance } = createClockedRedisStore(redis);
    const taken = Array.from({ length: 300 }, (_, nth) => check({ policy: large, cost: 1 + (nth % 3) }));
    const remaining = async (): Promise<number | undefined> =>
      (await clocked.take([check({ policy: large, cost: 0 })]))[0]?.remaining;
    for (const asked of taken) {
      advance(10);
      await clocked.take([asked]);
    }
    assert.equal(await remaining(), 400);
    const newest = taken.slice(-64);
    await clocked.take(newest);
    assert.equal(await remaining(), 400, 'none was charged again');
    for (const asked of newest) await clocked.refund(asked);
    const returned = newest.reduce((sum, { cost = 1 }) => sum + cost, 0);
    assert.equal(await remaining(), 400 + returned);
    advance(large.windowMs * (33 / 32));
    assert.equal(await remaining(), 1000);
  });

  test('units are counted rightly however many there ever were', async () => {
    const { store: clocked, advance } = createClockedRedisStore(redis);
    const huge = { ...policy, name: 'huge', limit: 20_000_000_000 };
    for (let window = 0; window < 5; window += 1) {
      const decisions = await clocked.take([
        check({ policy: huge, cost: huge.limit - 1 }),
        check({ policy: huge }),
        check({ policy: huge }),
      ]);
      assert.deepEqual(
        decisions.map(({ allowed, remaining }) => [allowed, remaining]),
        [
          [true, 1],
          [true, 0],
          [false, 0],
        ],
      );
      advance(huge.windowMs);
    }
  });

  test('a key takes no more memory than its form allows, at any limit', async (t) => {
    for (const [limit, most] of [
      [10, 600],
      [100, 4000],
      [128, 4000],
      [1000, 4000],
      [10_000, 4000],
    ] as const) {
      await redis.flushdb();
      const full = { ...policy, limit };
      for (let taken = 0; taken < limit; taken += 500) {
        const some = Array.from({ length: Math.min(500, limit - taken) }, () => check({ policy: full }));
        await store.take(some);
      }
      assert.equal((await store.take([check({ policy: full, cost: 0 })]))[0]?.remaining, 0);
      const name = await only(redis.keys('rl2:*'));
      const bytes = await redis.eval<[], number>("return redis.call('MEMORY', 'USAGE', KEYS[1])", [name], []);
      t.diagnostic(`limit ${String(limit)}: ${String(bytes)} bytes`);
      assert.ok(bytes <= most, `limit ${String(limit)}: ${String(bytes)} bytes`);
    }
  });
});

async function only(names: Promise<string[]>): Promise<string> {
  const [name, ...others] = await names;
  assert.ok(name !== undefined && others.length === 0);
  return name;
}

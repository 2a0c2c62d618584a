/** How the questions to Redis travel: which of them together, and what becomes of the others where one fails. */
import assert from 'node:assert/strict';
import test, { after, before, describe } from 'node:test';
import type { Redis } from '@upstash/redis';
import { startRedisCluster, withoutRedis } from '../../test/support/redis-server.ts';
import { startRestRedis } from '../../test/support/rest-redis.ts';
import { startRedisRest } from '../../test/support/redis-rest-server.ts';
import type { RedisRestServer } from '../../test/support/redis-rest-server.ts';
import type { RedisPipelines } from './redis-pipelines.ts';
import { createRedisStore } from './redis-store.ts';
import type { Check, Decision } from './store.ts';
import { createUpstashRedis } from '../../test/support/upstash-redis.ts';

const secret = 'thirty-two bytes for the keys of';
const policy = {
  name: 'small',
  limit: 5,
  windowMs: 60_000,
  keyedBy: 'address',
  onStoreFailure: 'local',
} as const;
const large = { ...policy, name: 'large', limit: 1000 } as const;
const check = (more: Partial<Check> = {}): Check => ({ policy, key: 'a', id: crypto.randomUUID(), ...more });

describe('script calls', { skip: withoutRedis }, () => {
  let endpoint: RedisRestServer;
  let redis: Redis;
  let close: () => Promise<void>;

  before(async () => {
    ({ endpoint, redis, close } = await startRestRedis());
  });
  after(() => close());

  test('all policies of a request are one call of the script, whether or not it is known', async () => {
    const { counted, calls } = countCalls(redis);
    const own = createRedisStore({ secret, redis: counted });
    await redis.scriptFlush();
    const checks = [check({ key: 'one' }), check({ key: 'two', policy: large })];
    assert.deepEqual(
      (await own.take(checks)).map(({ remaining }) => remaining),
      [4, 999],
    );
    assert.deepEqual(calls, [['evalsha 2'], ['eval 2']]);
    assert.deepEqual(
      (await own.take(checks)).map(({ remaining }) => remaining),
      [4, 999],
    );
    assert.deepEqual(await own.take([]), []);
    assert.deepEqual(calls.slice(2), [['evalsha 2']]);
  });

  test('together, what is asked within one turn is one call of the script, and each gets its own answers', async () => {
    const { counted, calls } = countCalls(redis);
    const shared = createRedisStore({ redis: counted, secret, together: true });
    await shared.take([check({ key: 'warm' })]);
    await shared.revoke([{ subject: 'user:t', parts: ['all'], at: 6, lastsMs: 60_000 }]);
    calls.length = 0;
    const revoked = { subject: 'user:t', parts: ['all'], asOf: 5 };
    const [first, second] = await Promise.all([
      shared.take([check({ key: 't1' }), revoked, check({ key: 't1', policy: large })]),
      shared.take([check({ key: 't1' }), { ...revoked, asOf: 7 }]),
    ]);
    const facts = (decisions: readonly Decision[]) =>
      decisions.map(({ allowed, remaining }) => [allowed, remaining]);
    assert.deepEqual(facts(first), [
      [true, 4],
      [false, 0],
      [true, 999],
    ]);
    assert.deepEqual(facts(second), [
      [true, 3],
      [true, 0],
    ]);
    assert.deepEqual(calls, [['evalsha 5']]);
  });

  test('who asks alone is asked for at once, and waits for company where the last one had some', async () => {
    const sent: string[] = [];
    const pipeline: RedisPipelines['pipeline'] = () => {
      sent.push('asked');
      return redis.pipeline();
    };
    const shared = createRedisStore({ redis: { pipeline }, secret, together: true });
    const take = (keys: readonly string[]) => {
      setImmediate(() => sent.push('turn over'));
      return Promise.all(keys.map((key) => shared.take([check({ key })])));
    };
    await shared.take([check({ key: 'warm' })]);
    sent.length = 0;
    await take(['alone']);
    await take(['first', 'second']);
    await take(['third']);
    await take(['fourth']);
    const [atOnce, later] = [
      ['asked', 'turn over'],
      ['turn over', 'asked'],
    ] as const;
    assert.deepEqual(sent, [atOnce, atOnce, later, atOnce].flat());
    sent.length = 0;
    await Promise.all([take(['fifth']), Promise.resolve().then(() => take(['sixth', 'seventh']))]);
    assert.deepEqual(sent, ['asked', 'turn over', 'turn over', 'asked'], 'while one is on its way');
  });

  test('apart, as on Workers, what each request asks travels by itself', async () => {
    const { counted, calls } = countCalls(redis);
    const own = createRedisStore({ redis: counted, secret });
    await Promise.all([
      own.take([check({ key: 'u' }), check({ key: 'v' })]),
      own.take([check({ key: 'w' })]),
    ]);
    assert.deepEqual(calls, [['evalsha 2'], ['evalsha 1']]);
  });

  test('a turn that fails fails for all who were in it, and for nobody after them', async () => {
    let isAway = true;
    const shaky = createRedisStore({
      secret,
      together: true,
      redis: { pipeline: () => (isAway ? wrongRedis.pipeline() : redis.pipeline()) },
    });
    const wrongRedis = createUpstashRedis({ ...endpoint, url: 'http://127.0.0.1:1' });
    const results = await Promise.allSettled([
      shaky.take([check({ key: 'x' })]),
      shaky.take([check({ key: 'x' })]),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    isAway = false;
    assert.equal((await shaky.take([check({ key: 'x' })]))[0]?.remaining, 4);
  });

  test('a key that is something else fails for who asks for it, and for nobody beside', async () => {
    await redis.flushdb();
    const shared = createRedisStore({ redis, secret, together: true });
    await shared.take([check({ key: 'spoilt' })]);
    const name = await only(redis.keys('rl2:*'));
    await redis.del(name);
    await redis.lpush(name, 'not a log');
    const [spoilt, whole] = await Promise.allSettled([
      shared.take([check({ key: 'spoilt' })]),
      shared.take([check({ key: 'whole' })]),
    ]);
    assert.match(String(spoilt.status === 'rejected' && spoilt.reason), /WRONGTYPE/);
    assert.equal(whole.status === 'fulfilled' && whole.value[0]?.remaining, 4, 'and was charged once');
  });

  test('as many checks as there may be are decided at once', async () => {
    const store = createRedisStore({ redis, secret });
    const decisions = await store.take(
      Array.from({ length: 250 }, (_, nth) => check({ key: `many-${String(nth % 125)}`, policy: large })),
    );
    assert.deepEqual(
      decisions.map(({ remaining }) => remaining),
      Array.from({ length: 250 }, (_, nth) => (nth < 125 ? 999 : 998)),
    );
  });

  test('runs on a cluster, where the policies of one request live on different nodes', async () => {
    const cluster = await startRedisCluster();
    const clusterEndpoint = await startRedisRest(...cluster.ports);
    try {
      const { counted, calls } = countCalls(createUpstashRedis({ ...clusterEndpoint, deadlineMs: 5000 }));
      const spread = createRedisStore({ redis: counted, secret });
      const checks = Array.from({ length: 60 }, (_, nth) =>
        check({ key: String(nth), policy: nth % 2 === 0 ? policy : large }),
      );
      for (const used of [1, 2]) {
        const decisions = await spread.take(checks.map((asked) => ({ ...asked, id: crypto.randomUUID() })));
        assert.ok(
          decisions.every((decision, nth) => decision.remaining === (nth % 2 === 0 ? 5 : 1000) - used),
        );
      }
      const [asked] = checks;
      assert.ok(asked);
      await spread.refund(asked);
      await spread.reset(policy, asked.key);
      assert.equal((await spread.take([asked]))[0]?.remaining, 4);
      const each = Array.from({ length: 60 }, () => 'evalsha 1');
      assert.deepEqual(calls.slice(0, 4), [['evalsha 60'], each, each.map(() => 'eval 1'), each]);
    } finally {
      await clusterEndpoint.close();
      await cluster.close();
    }
  });
});

/** The client with its ears open: what each pipeline called, and with how many keys. */
function countCalls(redis: Redis): { counted: RedisPipelines; calls: string[][] } {
  const calls: string[][] = [];
  const pipeline: RedisPipelines['pipeline'] = () => {
    const inner = redis.pipeline();
    const called: string[] = [];
    return {
      evalsha: (sha, keys, argv) => {
        called.push(`evalsha ${String(keys.length)}`);
        return inner.evalsha(sha, keys, argv);
      },
      eval: (script, keys, argv) => {
        called.push(`eval ${String(keys.length)}`);
        return inner.eval(script, keys, argv);
      },
      del: (key) => inner.del(key),
      exec: (options) => {
        calls.push(called);
        return inner.exec(options);
      },
    };
  };
  return { counted: { pipeline }, calls };
}

async function only(names: Promise<string[]>): Promise<string> {
  const [name, ...others] = await names;
  assert.ok(name !== undefined && others.length === 0);
  return name;
}

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Ratelimit } from '@upstash/ratelimit';
import { Redis } from '@upstash/redis';
import { startEndpoint, token, type TestEndpoint } from '../test/support/redis-rest-endpoint.ts';
import { startRedis, withoutRedis, type RedisServer } from '../test/support/redis-server.ts';

describe("Upstash's own clients, unchanged", { skip: withoutRedis }, () => {
  let server: RedisServer;
  let endpoint: TestEndpoint;
  let redis: Redis;

  before(async () => {
    server = await startRedis();
    endpoint = await startEndpoint({ url: server.url });
    redis = new Redis({ url: endpoint.url, token });
  });
  after(async () => {
    await endpoint.close();
    await server.close();
  });

  test('@upstash/redis: auto-pipelined reads and writes come back as what they were', async () => {
    const value = { name: 'Zoë', list: [1, 2.5, null, true] };
    const results = await Promise.all([
      redis.set('object', value),
      redis.set('ok', 'OK'),
      redis.incrby('n', 41),
      redis.incr('n'),
      redis.hset('h', { a: 1, b: 'two' }),
    ]);
    assert.deepEqual(results, ['OK', 'OK', 41, 42, 2]);
    assert.deepEqual(
      await Promise.all([redis.get('object'), redis.get('ok'), redis.get('none'), redis.hgetall('h')]),
      [value, 'OK', null, { a: 1, b: 'two' }],
    );
  });

  test('@upstash/redis: a pipeline, a transaction, and an error with its text', async () => {
    assert.deepEqual(await redis.pipeline().set('p', 1).incr('p').get('p').exec(), ['OK', 2, 2]);
    assert.deepEqual(await redis.multi().set('m', 1).incr('m').lrange('none', 0, -1).exec(), ['OK', 2, []]);
    await assert.rejects(redis.lpush('m', 'x'), /WRONGTYPE Operation against a key/);
  });

  test('@upstash/redis: scripts by their SHA-1, loaded when they are not there', async () => {
    const script = redis.createScript<number>('return ARGV[1] * 2');
    assert.equal(await script.exec([], ['21']), 42);
    await redis.scriptFlush();
    assert.equal(await script.exec([], ['21']), 42);
    const sha = await redis.scriptLoad("#!lua flags=allow-key-locking,no-writes\nreturn 'locked'");
    assert.deepEqual(await redis.scriptExists(sha), [1]);
    assert.equal(await redis.evalsha(sha, [], []), 'locked');
  });

  test('@upstash/redis: scan, and subscribe', async () => {
    for (const key of ['scan:1', 'scan:2']) await redis.set(key, 1);
    const [cursor, keys] = await redis.scan(0, { match: 'scan:*', count: 1000 });
    assert.deepEqual([cursor, keys.sort()], ['0', ['scan:1', 'scan:2']]);

    const subscription = redis.subscribe<{ text: string }>(['chat']);
    await new Promise<void>((resolve) => {
      subscription.on('subscribe', () => {
        resolve();
      });
    });
    const received = new Promise((resolve) => {
      subscription.on('message', resolve);
    });
    await redis.publish('chat', { text: 'hello' });
    assert.deepEqual(await received, { channel: 'chat', message: { text: 'hello' } });
    await subscription.unsubscribe();
  });

  const limiters = [
    ['slidingWindow', Ratelimit.slidingWindow(5, '60 s')],
    ['fixedWindow', Ratelimit.fixedWindow(5, '60 s')],
    ['tokenBucket', Ratelimit.tokenBucket(5, '60 s', 5)],
  ] as const;
  for (const [name, limiter] of limiters) {
    test(`@upstash/ratelimit ${name}: exactly the limit passes, also after Redis forgot the script`, async () => {
      const limit = new Ratelimit({ redis, limiter, prefix: name, ephemeralCache: false });
      const first = await Promise.all(Array.from({ length: 20 }, () => limit.limit('somebody')));
      assert.equal(first.filter(({ success }) => success).length, 5);
      await redis.scriptFlush();
      assert.equal((await limit.limit('somebody')).success, false);
      assert.equal((await limit.getRemaining('somebody')).remaining, 0);
      await limit.resetUsedTokens('somebody');
      assert.equal((await limit.limit('somebody')).success, true);
    });
  }

  test('@upstash/ratelimit: an endpoint that was restarted asks for the script again', async () => {
    const other = await startEndpoint({ url: server.url });
    const limit = new Ratelimit({
      redis: new Redis({ url: other.url, token }),
      limiter: Ratelimit.slidingWindow(1, '60 s'),
      prefix: 'restarted',
    });
    assert.equal((await limit.limit('somebody')).success, true);
    await other.close();
  });
});

import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import test, { after, before, describe } from 'node:test';
import { Redis } from '@upstash/redis';
import { createClockedRedisStore } from '../../../test/support/clocked-redis-store.ts';
import { freePort, startRedis, startRedisCluster, withoutRedis } from '../../../test/support/redis-server.ts';
import type { RedisServer } from '../../../test/support/redis-server.ts';
import { createLog } from '../../../lib/core/log.ts';
import { createRedisStore } from '../../../lib/rate-limit/redis-store.ts';
import type { Policy } from '../../../lib/rate-limit/store.ts';
import { storeContract } from '../../../lib/rate-limit/store.contract.ts';
import { connectRedis, type RedisVariables, toPipelines } from './rate-limits.ts';
import { createRespRequester } from './resp-requester.ts';
import type { RespRequester } from './resp-requester.ts';

const log = createLog({ write: () => undefined });
const policy: Policy = {
  name: 'three',
  limit: 3,
  windowMs: 60_000,
  keyedBy: 'address',
  onStoreFailure: 'local',
};

describe('resp requester', { skip: withoutRedis }, () => {
  let server: RedisServer;
  let requester: RespRequester;
  let redis: Redis;

  before(async () => {
    server = await startRedis();
    requester = await createRespRequester({
      target: { url: `redis://127.0.0.1:${String(server.port)}` },
      log,
    });
    redis = new Redis(requester);
  });
  after(async () => {
    requester.close();
    await server.close();
  });

  storeContract('redis store over RESP', async () => createClockedRedisStore(redis));

  test('answers like the REST endpoint: integers, strings, arrays, null and errors', async () => {
    const answers = await redis
      .pipeline()
      .set('text', 'a1')
      .get('text')
      .incr('number')
      .mget('text', 'nothing')
      .incr('text')
      .exec({ keepErrors: true });
    assert.deepEqual(
      answers.slice(0, 4).map(({ result }) => result),
      ['OK', 'a1', 1, ['a1', null]],
    );
    assert.match(answers[4].error ?? '', /not an integer/);
    assert.equal(await redis.get('text'), 'a1');
    await redis.set('digits', '007');
    assert.deepEqual(await requester.request({ body: ['GET', 'digits'] }), { result: '007' });
  });

  test('fails at once while Redis is away, and works again when it is back', async () => {
    await server.kill();
    const store = createRedisStore({ redis, secret: 's' });
    const look = [{ policy, key: 'a', id: crypto.randomUUID(), cost: 0 }];
    await assert.rejects(store.take(look), /Redis (is|went) away/);
    await assert.rejects(store.take(look), /Redis is away: nothing was sent/);
    await server.start();
    const isBack = (): Promise<boolean> =>
      store.take(look).then(
        () => true,
        () => false,
      );
    while (!(await isBack())) await nextTurn();
  });

  test('a host starts without Redis, after a second', async () => {
    const url = `redis://127.0.0.1:${String(await freePort())}`;
    const alone = await createRespRequester({ target: { url }, log });
    await assert.rejects(new Redis(alone).get('a'), /Redis is away/);
    alone.close();
  });

  test('asks a cluster too, by some of its nodes; by one alone it says what to set', async (t) => {
    const cluster = await startRedisCluster();
    t.after(cluster.close);
    const [url = '', ...others] = cluster.nodes.map((node) => node.url);
    const checks = Array.from({ length: 30 }, (_, key) => ({
      policy,
      key: String(key),
      id: crypto.randomUUID(),
    }));
    const connect = async (variables: RedisVariables) => {
      const link = await connectRedis(variables, log);
      assert.ok(link);
      t.after(link.close);
      return createRedisStore({ redis: toPipelines(link), secret: 's' });
    };
    const spread = await connect({ REDIS_CLUSTER_URLS: [url, ...others.slice(1)] });
    const decisions = await spread.take(checks);
    assert.ok(decisions.every(({ remaining }) => remaining === 2));
    const alone = await connect({ REDIS_URL: url });
    await assert.rejects(
      alone.take(checks),
      /refused: this is a node of a cluster, .* REDIS_CLUSTER_URLS in place of REDIS_URL$/,
    );
  });
});

import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { Redis } from '@upstash/redis';
import { createRespRequester } from '../../hosts/node/redis/resp-requester.ts';
import { startRedis, startRedisCluster, withoutRedis } from '../../test/support/redis-server.ts';
import { startRedisRest } from '../../test/support/redis-rest-server.ts';
import { createKeyring } from '../core/keyring.ts';
import { createLog } from '../core/log.ts';
import type { RedisPipelines } from '../rate-limit/redis-pipelines.ts';
import { createRestRedis } from '../rate-limit/rest-redis.ts';
import { createRedisIdempotency } from './redis-store.ts';
import { runScript } from './run.lua.ts';
import { idempotencyContract } from './store.contract.ts';
import { rememberedMs, type Run } from './store.ts';

const log = createLog({ write: () => undefined });
const old = 'the secret that was the only one before';
const keyring = createKeyring([old]);
const run = (): Run => ({ name: crypto.randomUUID(), fingerprint: 'f', owner: crypto.randomUUID() });

suite('runs in Redis', { skip: withoutRedis }, async () => {
  if (withoutRedis) return;
  const server = await startRedis();
  after(server.close);
  const endpoint = await startRedisRest(server.port);
  after(endpoint.close);
  const requester = await createRespRequester({ target: { url: server.url }, log });
  after(requester.close);
  const straight = new Redis(requester);
  const overRest = createRestRedis({ ...endpoint, deadlineMs: 5000 });
  const store = createRedisIdempotency({ redis: straight, keyring });

  /** The one line that asks Redis for the time reads a key instead, which answers in the same form. */
  async function openClocked(redis: RedisPipelines) {
    let time = 0;
    const tell = () =>
      server.run(
        'rpush',
        'clock',
        String(1_700_000_000 + Math.floor(time / 1000)),
        String((time % 1000) * 1000),
      );
    server.run('del', 'clock');
    tell();
    const script = runScript.replace("redis.call('TIME')", "redis.call('LRANGE', 'clock', 0, 1)");
    return {
      store: createRedisIdempotency({ redis, keyring, script }),
      advance: (milliseconds: number) => {
        time += milliseconds;
        server.run('del', 'clock');
        tell();
      },
    };
  }

  idempotencyContract('runs in Redis', () => openClocked(straight));
  idempotencyContract('runs in Redis over REST', () => openClocked(overRest));

  test('runs in Redis are kept for a day by Redis, from the beginning on and from the end on', async () => {
    const kept = run();
    await store.begin(kept);
    const key = `idempotency:${kept.name}`;
    assert.ok(Number(server.run('pttl', key)) > rememberedMs - 60_000);
    server.run('pexpire', key, '60000');
    await store.complete(kept, 'answer');
    assert.ok(Number(server.run('pttl', key)) > rememberedMs - 60_000);
    await store.release(kept);
    assert.equal(server.run('exists', key), '1');
  });

  test('runs in Redis say nothing of the answer to whoever reads it, nor under another name', async () => {
    const [kept, other] = [run(), run()];
    await store.begin(kept);
    await store.complete(kept, 'a secret of the product');
    await store.begin(other);
    const sealed = server.run('hget', `idempotency:${kept.name}`, 'answer');
    assert.ok(sealed.length > 50);
    assert.ok(!Buffer.from(sealed, 'base64').includes('secret'));
    server.run('hset', `idempotency:${other.name}`, 'done', '1', 'answer', sealed);
    assert.deepEqual(await store.begin(other), { kind: 'done', answer: undefined });
  });

  test('runs in Redis outlive a rotation of the secret, as done once their secret is taken out', async () => {
    const kept = run();
    await store.begin(kept);
    await store.complete(kept, 'answer');
    const next = 'the secret that is the newest one from now on';
    const rotated = createRedisIdempotency({ redis: straight, keyring: createKeyring([next, old]) });
    assert.deepEqual(await rotated.begin(kept), { kind: 'done', answer: 'answer' });
    const without = createRedisIdempotency({ redis: straight, keyring: createKeyring([next]) });
    assert.deepEqual(await without.begin(kept), { kind: 'done', answer: undefined });
  });

  test('runs in Redis are found on a cluster', async () => {
    const cluster = await startRedisCluster();
    after(cluster.close);
    const [first, ...others] = cluster.ports.map((port) => `redis://127.0.0.1:${String(port)}`);
    const spread = await createRespRequester({ target: { clusterUrls: [String(first), ...others] }, log });
    after(spread.close);
    const everywhere = createRedisIdempotency({ redis: new Redis(spread), keyring });
    for (const each of Array.from({ length: 20 }, run)) {
      await everywhere.begin(each);
      await everywhere.complete(each, 'answer');
      assert.deepEqual(await everywhere.begin(each), { kind: 'done', answer: 'answer' });
    }
  });

  test('runs in Redis begin for nobody while it is away', async () => {
    await server.kill();
    await assert.rejects(store.begin(run()), /Redis (is|went) away/);
  });
});

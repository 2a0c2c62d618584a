import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from './connection.ts';
import { startEndpoint, type TestEndpoint } from '../test/support/redis-rest-endpoint.ts';
import { startRedis, withoutRedis } from '../test/support/redis-server.ts';

/** Asks until Redis answers, as a health check would. */
async function untilBack(endpoint: TestEndpoint): Promise<void> {
  while ((await endpoint.ask({ body: ['PING'] })).status !== 200) await sleep(20);
}

/** Counts up from several callers, and notes what each answer was. */
function startLoad(endpoint: TestEndpoint, callers: number) {
  const events = new EventEmitter();
  let isDone = false;
  let unexpected = '';
  const counted = { confirmed: 0, unavailable: 0 };
  async function call(caller: number): Promise<void> {
    for (let round = 0; !isDone; round += 1) {
      const mark = `${caller}:${round}`;
      const { status, json, text } = await endpoint.ask({
        path: '/pipeline',
        body: [
          ['INCR', 'n'],
          ['ECHO', mark],
        ],
      });
      if (status === 503) {
        counted.unavailable += 1;
        if (!/^\{"error":"ERR Redis /.test(text)) unexpected ||= text;
        events.emit('answer');
        await sleep(5);
        continue;
      }
      const [incremented, echoed] = json as readonly { result?: unknown; error?: string }[];
      if (typeof incremented?.result === 'number') counted.confirmed += 1;
      else if (!incremented?.error?.startsWith('ERR Redis ')) unexpected ||= text;
      if (echoed?.result !== mark && !echoed?.error?.startsWith('ERR Redis ')) unexpected ||= text;
      events.emit('answer');
    }
  }
  const calls = Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  return {
    counted,
    async until(kind: keyof typeof counted, count: number): Promise<void> {
      while (counted[kind] < count && unexpected === '') await once(events, 'answer');
    },
    async stop() {
      isDone = true;
      await calls;
      return { ...counted, unexpected };
    },
  };
}

describe('Redis goes away', { skip: withoutRedis }, () => {
  test(
    'back without the user whom it knew: the log has that cause too, and each once',
    { timeout: 300_000 },
    async (t) => {
      const redis = await startRedis();
      t.after(redis.close);
      redis.run('ACL', 'SETUSER', 'ada', 'on', '>password', '~*', '+@all');
      const endpoint = await startEndpoint({ url: `redis://ada:password@127.0.0.1:${redis.port}` });
      t.after(endpoint.close);
      await redis.kill();
      while (!endpoint.logged().includes('ECONNREFUSED')) await endpoint.ask({ body: ['PING'] });
      await redis.start();
      while (!endpoint.logged().includes('WRONGPASS')) await endpoint.ask({ body: ['PING'] });
      // Tried again, and refused again.
      const refused = () => Number(/WRONGPASS:count=(\d+)/.exec(redis.run('INFO', 'errorstats'))?.[1] ?? 0);
      while (refused() < 3) await endpoint.ask({ body: ['PING'] });
      const causes = [...endpoint.logged().matchAll(/"redis is away","cause":"([^"]*)"/g)].map(
        ([, cause]) => cause,
      );
      assert.deepEqual(causes, [...new Set(causes)]);
    },
  );

  test(
    'killed and started again: 503 at once meanwhile, no foreign reply, and back by itself',
    { timeout: 300_000 },
    async (t) => {
      const redis = await startRedis();
      t.after(redis.close);
      const endpoint = await startEndpoint({ url: redis.url });
      t.after(endpoint.close);
      const load = startLoad(endpoint, 8);
      await load.until('confirmed', 100);
      await redis.kill();
      await endpoint.untilLogged('redis is away');

      // That nothing was sent tells that nothing was waited for.
      const away = await endpoint.ask({ body: ['GET', 'n'] });
      assert.deepEqual([away.status, away.headers.get('retry-after')], [503, '1']);
      assert.deepEqual(away.json, { error: 'ERR Redis is away: nothing was sent' });
      assert.equal((await endpoint.ask({ path: '/multi-exec', body: [['PING']] })).status, 503);
      assert.equal((await endpoint.ask({ path: '/health/live', method: 'GET' })).status, 200);

      await load.until('unavailable', load.counted.unavailable + 100);
      await redis.start();
      await untilBack(endpoint);
      await load.until('confirmed', load.counted.confirmed + 100);
      const { unexpected, unavailable } = await load.stop();
      assert.equal(unexpected, '');
      assert.ok(unavailable > 0);
      assert.match(endpoint.logged(), /redis is ready.*redis is away.*redis is ready/s);
    },
  );

  test(
    'stopped: the deadline once, then 503 at once, and nothing that was refused runs later',
    { timeout: 300_000 },
    async (t) => {
      const redis = await startRedis();
      t.after(redis.close);
      const endpoint = await startEndpoint({ url: redis.url }, { requestTimeoutMs: 500 });
      t.after(endpoint.close);
      await endpoint.run('SET', 'n', 0);
      redis.hang();

      const late = await endpoint.ask({ body: ['INCR', 'n'] });
      assert.equal(late.status, 503);
      assert.deepEqual(late.json, { error: 'ERR Redis did not reply in time: the command may have run' });

      for (let attempt = 0; attempt < 50; attempt += 1) {
        const refused = await endpoint.ask({ body: ['INCR', 'n'] });
        assert.equal(refused.status, 503);
        assert.deepEqual(refused.json, { error: 'ERR Redis is away: nothing was sent' });
      }
      const health = await endpoint.ask({ path: '/health', method: 'GET' });
      assert.equal(health.status, 503);
      assert.match(health.text, /^\{"status":"fail"/);

      redis.resume();
      await untilBack(endpoint);
      // Only the one that was on its way may have run.
      assert.ok(Number(await endpoint.run('GET', 'n')) <= 1);
    },
  );

  test('cut off under load: what was confirmed was counted, once', { timeout: 300_000 }, async (t) => {
    const redis = await startRedis();
    t.after(redis.close);
    const endpoint = await startEndpoint({ url: redis.url });
    t.after(endpoint.close);
    const load = startLoad(endpoint, 8);
    await load.until('confirmed', 100);
    // Connections are cut in the middle of the stream, while Redis itself lives on and keeps the count.
    const admin = await createConnection(redis.url, { lasting: false }).connect();
    for (let cut = 0; cut < 20; cut += 1) {
      const { confirmed } = load.counted;
      await admin.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
      await load.until('confirmed', confirmed + 20);
    }
    await untilBack(endpoint);
    const { confirmed, unavailable, unexpected } = await load.stop();
    assert.equal(unexpected, '');
    const counted = Number(await endpoint.run('GET', 'n'));
    assert.ok(
      counted >= confirmed && counted <= confirmed + unavailable,
      `${confirmed} confirmed, ${unavailable} unavailable, ${counted} counted`,
    );
    admin.destroy();
  });

  test(
    'away from the start: the endpoint opens, is not ready, and becomes so by itself',
    { timeout: 300_000 },
    async (t) => {
      const redis = await startRedis();
      t.after(redis.close);
      await redis.kill();
      const endpoint = await startEndpoint({ url: redis.url }, { waits: false });
      t.after(endpoint.close);
      await endpoint.untilLogged('redis is away');
      assert.equal((await endpoint.ask({ path: '/health/ready', method: 'GET' })).status, 503);
      assert.equal((await endpoint.ask({ body: ['PING'] })).status, 503);
      await redis.start();
      await endpoint.untilLogged('redis is ready');
      assert.equal(await endpoint.run('PING'), 'PONG');
    },
  );
});

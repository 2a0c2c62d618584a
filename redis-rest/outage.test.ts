import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from './connection.ts';
import { findFreePort, needsRedis, openHandler, startRedis } from './testing.ts';
import type { TestHandler } from './testing.ts';

/** Asks until Redis answers, as a health check would; gives up after two seconds. */
async function untilBack(handler: TestHandler): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const { status } = await handler.ask({ body: ['PING'] });
    const elapsed = performance.now() - startedAt;
    if (status === 200) return elapsed;
    assert.ok(elapsed < 2000, 'Redis is back, but the endpoint is not');
    await sleep(20);
  }
}

/** Counts up from several callers, and notes what each answer was and how long it took. */
function startLoad(handler: TestHandler, callers: number) {
  let isDone = false;
  let slowest = 0;
  let unexpected = '';
  const counted = { confirmed: 0, unavailable: 0 };
  async function call(caller: number): Promise<void> {
    for (let round = 0; !isDone; round += 1) {
      const mark = `${caller}:${round}`;
      const startedAt = performance.now();
      const { status, json, text } = await handler.ask({
        path: '/pipeline',
        body: [
          ['INCR', 'n'],
          ['ECHO', mark],
        ],
      });
      slowest = Math.max(slowest, performance.now() - startedAt);
      if (status === 503) {
        counted.unavailable += 1;
        if (!/^\{"error":"ERR Redis /.test(text)) unexpected ||= text;
        await sleep(5);
        continue;
      }
      const [incremented, echoed] = json as readonly { result?: unknown; error?: string }[];
      if (typeof incremented?.result === 'number') counted.confirmed += 1;
      else if (!incremented?.error?.startsWith('ERR Redis ')) unexpected ||= text;
      if (echoed?.result !== mark && !echoed?.error?.startsWith('ERR Redis ')) unexpected ||= text;
    }
  }
  const calls = Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  return {
    counted,
    async stop() {
      isDone = true;
      await calls;
      return { ...counted, slowest, unexpected };
    },
  };
}

describe('Redis goes away', needsRedis, () => {
  test(
    'killed and started again: 503 at once meanwhile, no foreign reply, and back by itself',
    { timeout: 20_000 },
    async (t) => {
      const first = await startRedis();
      t.after(first.kill);
      const handler = await openHandler({ url: first.url });
      t.after(handler.close);
      const load = startLoad(handler, 8);
      await sleep(200);
      await first.kill();
      await handler.untilLogged('redis is away');

      const startedAt = performance.now();
      const away = await handler.ask({ body: ['GET', 'n'] });
      assert.ok(performance.now() - startedAt < 200);
      assert.deepEqual([away.status, away.headers.get('retry-after')], [503, '1']);
      assert.deepEqual(away.json, { error: 'ERR Redis is away: nothing was sent' });
      assert.equal((await handler.ask({ path: '/multi-exec', body: [['PING']] })).status, 503);
      assert.equal((await handler.ask({ path: '/health/live', method: 'GET' })).status, 200);

      await sleep(300);
      const second = await startRedis({ port: first.port });
      t.after(second.kill);
      assert.ok((await untilBack(handler)) < 2000);
      await sleep(200);
      const { slowest, unexpected, unavailable } = await load.stop();
      assert.equal(unexpected, '');
      assert.ok(unavailable > 0);
      assert.ok(slowest < 1000, `the slowest answer took ${slowest} ms`);
      assert.match(handler.logged(), /redis is ready.*redis is away.*redis is ready/s);
    },
  );

  test(
    'stopped: the deadline once, then 503 at once, and nothing that was refused runs later',
    { timeout: 20_000 },
    async (t) => {
      const redis = await startRedis();
      t.after(redis.kill);
      const handler = await openHandler({ url: redis.url }, { requestTimeoutMs: 500 });
      t.after(handler.close);
      await handler.run('SET', 'n', 0);
      redis.process.kill('SIGSTOP');

      const startedAt = performance.now();
      const late = await handler.ask({ body: ['INCR', 'n'] });
      const waited = performance.now() - startedAt;
      assert.ok(waited > 450 && waited < 900, `${waited} ms`);
      assert.equal(late.status, 503);
      assert.deepEqual(late.json, { error: 'ERR Redis did not reply in time: the command may have run' });

      for (let attempt = 0; attempt < 50; attempt += 1) {
        const askedAt = performance.now();
        assert.equal((await handler.ask({ body: ['INCR', 'n'] })).status, 503);
        assert.ok(performance.now() - askedAt < 200);
      }
      const health = await handler.ask({ path: '/health', method: 'GET' });
      assert.equal(health.status, 503);
      assert.match(health.text, /^\{"status":"fail"/);

      redis.process.kill('SIGCONT');
      await untilBack(handler);
      // Only the one that was on its way may have run.
      assert.ok(Number(await handler.run('GET', 'n')) <= 1);
    },
  );

  test('cut off under load: what was confirmed was counted, once', { timeout: 20_000 }, async (t) => {
    const redis = await startRedis();
    t.after(redis.kill);
    const handler = await openHandler({ url: redis.url });
    t.after(handler.close);
    const load = startLoad(handler, 8);
    await sleep(300);
    // Connections are cut in the middle of the stream, while Redis itself lives on and keeps the count.
    const admin = await createConnection(redis.url, { lasting: false }).connect();
    for (let cut = 0; cut < 20; cut += 1) {
      await admin.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
      await sleep(25);
    }
    await untilBack(handler);
    const { confirmed, unavailable, unexpected } = await load.stop();
    assert.equal(unexpected, '');
    const counted = Number(await handler.run('GET', 'n'));
    assert.ok(confirmed > 100);
    assert.ok(
      counted >= confirmed && counted <= confirmed + unavailable,
      `${confirmed} confirmed, ${unavailable} unavailable, ${counted} counted`,
    );
    admin.destroy();
  });

  test(
    'away from the start: the endpoint opens, is not ready, and becomes so by itself',
    { timeout: 20_000 },
    async (t) => {
      const port = await findFreePort();
      const handler = await openHandler({ url: `redis://127.0.0.1:${port}` }, { waits: false });
      t.after(handler.close);
      await handler.untilLogged('redis is away');
      assert.equal((await handler.ask({ path: '/health/ready', method: 'GET' })).status, 503);
      assert.equal((await handler.ask({ body: ['PING'] })).status, 503);
      const redis = await startRedis({ port });
      t.after(redis.kill);
      await handler.untilLogged('redis is ready');
      assert.equal(await handler.run('PING'), 'PONG');
    },
  );
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { call, type Load, type Person, register, startLoad } from './edge-client.ts';
import { docker, inspect, withEngine } from './engine.ts';
import { record } from './figures.ts';
import { createStack, crowd, type Stack, untilHealthy, up, unwatched } from './stack.ts';

/** What design calls the failure table: each of the services is killed while people go on. */
describe('under load', withEngine, () => {
  let stack: Stack;
  let callers: Person[];

  before(async () => {
    stack = await createStack({ ...unwatched, ...crowd });
    await up(stack);
    callers = [];
    for (let index = 0; index < 60; index += 1) callers.push(await register(index));
  });
  after(() => stack.remove());

  /** Kills a container, lets people meet its absence, and brings it back; nothing else is touched. */
  async function killed(service: string, meanwhile: (load: Load) => Promise<void>) {
    const routers = await stack.containers('router');
    const [id = ''] = await stack.containers(service);
    const load = startLoad(callers, { perSecond: 50 });
    await docker('kill', id);
    await meanwhile(load);
    await docker('start', id);
    await untilHealthy(stack);
    await load.stop();
    assert.deepEqual(await stack.containers('router'), routers);
    const afterwards = startLoad(callers, { perSecond: 50 });
    await afterwards.answered(150);
    assert.deepEqual((await afterwards.stop()).failures, [], 'it did not recover by itself');
    assert.equal(((await askRouter('/health')) as { body: { status: string } }).body.status, 'pass');
    return load.tally;
  }

  /** Past the edge, which takes away a router that is not ready. */
  async function askRouter(path: string, token = '') {
    const program = `fetch('http://127.0.0.1:3000' + ${JSON.stringify(path)}, { headers: ${JSON.stringify(token ? { Authorization: `Bearer ${token}` } : {})} })
      .then(async (answer) => console.log(JSON.stringify({ status: answer.status, retryAfter: answer.headers.get('retry-after'), type: answer.headers.get('content-type'), body: await answer.json() })))`;
    return JSON.parse(await stack.mustCompose('exec', '-T', 'router', 'node', '-e', program)) as {
      status: number;
      retryAfter: string | null;
      type: string;
      body: { status: string | number };
    };
  }

  async function untilStatus(path: string, wanted: string): Promise<void> {
    const end = Date.now() + 20_000;
    while ((await askRouter(path)).body.status !== wanted) assert.ok(Date.now() < end, `never ${wanted}`);
  }

  for (const service of ['redis', 'redis-rest']) {
    test(`${service} is killed: requests go on, health warns`, async (context) => {
      const tally = await killed(service, async (load) => {
        await untilStatus('/health', 'warn');
        assert.equal((await call('/health/ready')).status, 200);
        await load.answered(150);
      });
      await record(context, tally);
      assert.deepEqual(tally.failures, []);
    });
  }

  test('Postgres is killed: a problem that says when to try again, and nothing worse than 503', async (context) => {
    const tally = await killed('postgres', async (load) => {
      await untilStatus('/health/ready', 'fail');
      assert.equal((await askRouter('/health/live')).status, 200);
      assert.equal((await askRouter('/health/ready')).status, 503);
      const [router = ''] = await stack.containers('router');
      assert.equal(await inspect(router, '{{.State.Health.Status}}'), 'healthy');
      const me = await askRouter('/v1/me', callers[0]?.accessToken);
      assert.equal(me.status, 503);
      assert.equal(me.type, 'application/problem+json');
      assert.ok(Number(me.retryAfter) >= 1);
      await load.answered(150);
    });
    const served = (tally.statuses.get(200) ?? 0) + (tally.statuses.get(503) ?? 0);
    await record(context, tally, tally.requests - served);
    assert.ok((tally.statuses.get(503) ?? 0) > 0);
    assert.deepEqual([...tally.statuses.keys()].sort(), [200, 503]);
  });
});

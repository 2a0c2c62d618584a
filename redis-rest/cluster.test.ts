/** The endpoint before a cluster. Long because all cases share three nodes, whose start is what costs time. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Ratelimit } from '@upstash/ratelimit';
import { Redis } from '@upstash/redis';
import {
  readOnlyToken,
  startEndpoint,
  token,
  type TestEndpoint,
} from '../test/support/redis-rest-endpoint.ts';
import { startRedisCluster, withoutRedis, type RedisServer } from '../test/support/redis-server.ts';

describe('a cluster of three nodes', { skip: withoutRedis }, () => {
  let nodes: readonly [RedisServer, RedisServer, RedisServer];
  let close: () => Promise<void>;
  let endpoint: TestEndpoint;
  const keys = Array.from({ length: 60 }, (_, index) => `key:${index}`);

  before(async () => {
    ({ nodes, close } = await startRedisCluster());
    const [first, second, third] = nodes;
    endpoint = await startEndpoint(
      { clusterUrls: [first.url, second.url, third.url] },
      { requestTimeoutMs: 5000 },
    );
  });
  after(async () => {
    await endpoint.close();
    await close();
  });

  test('each command goes to the node that has its key', async () => {
    for (const key of keys) assert.equal(await endpoint.run('SET', key, key), 'OK');
    for (const node of nodes) assert.ok(Number(node.run('DBSIZE')) > 0);
    assert.equal(await endpoint.run('DBSIZE'), keys.length);
    assert.deepEqual(await endpoint.run('MGET', ...keys), keys);
    assert.deepEqual(await endpoint.run('XREAD', 'COUNT', 1, 'STREAMS', 'none', 0), null);
    assert.equal(await endpoint.run('OBJECT', 'REFCOUNT', 'key:1'), 1);
    assert.equal(await endpoint.run('ZINTERCARD', 1, 'none'), 0);
  });

  test('a pipeline over all nodes answers in order, and runs in order', async () => {
    const { json } = await endpoint.ask({
      path: '/pipeline',
      body: [
        ...keys.map((key) => ['GET', key]),
        ['MSET', 'key:1', 'a', 'key:2', 'b'],
        ['GET', 'key:2'],
        ['GET'],
      ],
    });
    assert.deepEqual(json, [
      ...keys.map((key) => ({ result: key })),
      { result: 'OK' },
      { result: 'b' },
      { error: "ERR wrong number of arguments for 'get' command" },
    ]);
  });

  test('a transaction runs on one node, and over several it is refused', async () => {
    const same = await endpoint.ask({
      path: '/multi-exec',
      body: [
        ['SET', '{t}a', Buffer.from('é').toString()],
        ['INCR', '{t}a'],
        ['GET', '{t}a'],
      ],
    });
    assert.deepEqual(same.json, [
      { result: 'OK' },
      { error: 'ERR value is not an integer or out of range' },
      { result: 'é' },
    ]);
    const apart = await endpoint.ask({ path: '/multi-exec', body: keys.map((key) => ['SET', key, 'x']) });
    assert.equal(apart.status, 400, apart.text);
    assert.match(apart.text, /^\{"error":"EXECABORT .*CROSSSLOT/);
    assert.equal(await endpoint.run('GET', 'key:0'), 'key:0');
    const two = await endpoint.ask({ body: ['EVAL', 'return 1', 2, 'key:1', 'key:2'] });
    assert.equal(two.status, 400);
    assert.match(two.text, /CROSSSLOT/);
  });

  test('a command that cannot be taken apart is a 400', async () => {
    for (const command of [
      ['MSET', 'a'],
      ['DEL'],
      ['MGET'],
      ['SCAN', '99'],
      ['SCAN', 'x'],
      ['NOPE'],
      ['GET'],
    ]) {
      const { status, text } = await endpoint.ask({ body: command });
      assert.equal(status, 400, text);
      assert.match(text, /^\{"error":"ERR /);
    }
  });

  test('a script is loaded everywhere, and its SHA-1 holds', async () => {
    const script = '#!lua flags=allow-key-locking\nreturn KEYS[1]';
    const sha = await endpoint.run('SCRIPT', 'LOAD', script);
    for (const key of keys) assert.equal(await endpoint.run('EVALSHA', sha, 1, key), key);
    assert.deepEqual(await endpoint.run('SCRIPT', 'EXISTS', sha), [1]);
  });

  test('scan finds the keys of every node', async () => {
    const found: string[] = [];
    let cursor = '0';
    do {
      const [next, page] = (await endpoint.run('SCAN', cursor, 'COUNT', 10, 'MATCH', 'key:*')) as [
        string,
        string[],
      ];
      found.push(...page);
      cursor = next;
    } while (cursor !== '0');
    assert.deepEqual(found.sort(), [...keys].sort());
  });

  test('a large reply to a read-only token costs nobody else anything, on any node', async () => {
    const headers = { authorization: `Bearer ${readOnlyToken}` };
    const fill = "for i = 1, 30000 do redis.call('RPUSH', KEYS[1], string.rep('x', 100)) end";
    for (const key of ['large:1', 'large:2', 'large:3']) {
      await endpoint.run('EVAL', fill, 1, key);
      const [large, ...others] = await Promise.all([
        endpoint.ask({ headers, body: ['LRANGE', key, 0, -1] }),
        ...keys.map((each) => endpoint.run('TYPE', each)),
      ]);
      assert.equal(large.status, 400, large.text.slice(0, 200));
      assert.match(large.text, /the reply is larger than 2097152 bytes/);
      assert.deepEqual(
        others,
        keys.map(() => 'string'),
      );
      const { json } = await endpoint.ask({ headers, body: ['LLEN', key] });
      assert.deepEqual(json, { result: 30_000 });
    }
    assert.doesNotMatch(endpoint.logged(), /redis is away/);
    await endpoint.run('DEL', 'large:1', 'large:2', 'large:3');
  });

  test('each node is asked for the rights of its user', { timeout: 60_000 }, async (t) => {
    const [first, second, third] = nodes;
    const rules = [
      'reset',
      'on',
      '>password',
      '~*',
      '&*',
      '+@all',
      '-@admin',
      '-@dangerous',
      '-select',
      '-move',
    ];
    for (const node of nodes) node.run('ACL', 'SETUSER', 'deployed', ...rules);
    const [head, ...rest] = [first, second, third].map(({ url }) =>
      url.replace('//', '//deployed:password@'),
    );
    const target = { clusterUrls: [head ?? '', ...rest] } as const;
    const fit = await startEndpoint(target, { isProduction: true });
    t.after(fit.close);
    assert.equal(await fit.run('GET', 'key:0'), 'key:0');

    third.run('ACL', 'SETUSER', 'deployed', '+swapdb');
    let onUnfit: () => void = () => undefined;
    const told = new Promise<void>((resolve) => {
      onUnfit = resolve;
    });
    const unfit = await startEndpoint(target, { isProduction: true, waits: false, onUnfit });
    t.after(unfit.close);
    await told;
    assert.match(unfit.logged(), /"commands":"SWAPDB"/);
    assert.equal((await unfit.ask({ body: ['GET', 'key:0'] })).status, 503);
  });

  test('a slot that moves is followed, in commands and in transactions', async () => {
    const [first] = nodes;
    const slot = first.run('CLUSTER', 'KEYSLOT', 'moving');
    const owner = Math.floor(Number(slot) / 5462);
    const from = nodes[owner];
    const to = nodes[(owner + 1) % 3];
    assert.ok(from !== undefined && to !== undefined);
    await endpoint.run('SET', 'moving', 'x');
    const target = to.run('CLUSTER', 'MYID');
    const source = from.run('CLUSTER', 'MYID');
    to.run('CLUSTER', 'SETSLOT', slot, 'IMPORTING', source);
    from.run('CLUSTER', 'SETSLOT', slot, 'MIGRATING', target);
    from.run('MIGRATE', '127.0.0.1', String(to.port), 'moving', '0', '1000');
    assert.equal(await endpoint.run('GET', 'moving'), 'x');
    for (const node of [to, from]) node.run('CLUSTER', 'SETSLOT', slot, 'NODE', target);
    const { text } = await endpoint.ask({
      path: '/multi-exec',
      body: [
        ['APPEND', 'moving', 'y'],
        ['GET', 'moving'],
      ],
    });
    assert.equal(text, '[{"result":2},{"result":"xy"}]');
    assert.equal(await endpoint.run('GET', 'moving'), 'xy');
  });

  test('subscribe hears what is published on any node, monitor sees all nodes', async () => {
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
    const subscribed = await fetch(`${endpoint.url}/subscribe/chat`, { headers });
    const monitored = await fetch(`${endpoint.url}/monitor`, { headers });
    for (const node of nodes) node.run('PUBLISH', 'chat', `from ${node.port}`);
    for (const key of keys) await endpoint.run('GET', key);
    await until(
      subscribed,
      nodes.map(({ port }) => `message,chat,from ${port}`),
    );
    await until(
      monitored,
      keys.map((key) => `"GET" "${key}"`),
    );
  });

  for (const [name, limiter] of [
    ['fixedWindow', Ratelimit.fixedWindow(5, '60 s')],
    ['tokenBucket', Ratelimit.tokenBucket(5, '60 s', 5)],
  ] as const) {
    test(`@upstash/ratelimit ${name} runs on it`, async () => {
      const redis = new Redis({ url: endpoint.url, token });
      const limit = new Ratelimit({ redis, limiter, prefix: name, ephemeralCache: false });
      for (const caller of ['a', 'b', 'c', 'd']) {
        const results = await Promise.all(Array.from({ length: 10 }, () => limit.limit(caller)));
        assert.equal(results.filter(({ success }) => success).length, 5);
      }
    });
  }

  test('a node that hangs costs its own keys the deadline, the others nothing, and comes back', async () => {
    const [first, , last] = nodes;
    const hanging = last.run('RANDOMKEY');
    const healthy = first.run('RANDOMKEY');
    last.hang();
    const [hung, ...others] = await Promise.all([
      endpoint.ask({ body: ['TYPE', hanging] }),
      ...[1, 2, 3].map(() => endpoint.ask({ body: ['TYPE', healthy] })),
    ]);
    assert.deepEqual([hung.status, ...others.map(({ status }) => status)], [503, 200, 200, 200]);
    assert.match(hung.text, /did not reply in time/);
    assert.equal((await endpoint.ask({ body: ['TYPE', healthy] })).status, 200);
    last.resume();
    while ((await endpoint.ask({ body: ['TYPE', hanging] })).status !== 200);
  });
});

/** Reads a stream until it has shown all of these. */
async function until(response: Response, expected: readonly string[]): Promise<void> {
  assert.ok(response.body !== null);
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (expected.every((part) => text.includes(part))) return;
  }
  assert.fail(`the stream ended after ${text}`);
}

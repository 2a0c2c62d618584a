import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ratelimit } from '@upstash/ratelimit';
import { Redis } from '@upstash/redis';
import { createConnection } from './connection.ts';
import { findFreePort, needsRedis, openHandler, startRedis, token } from './testing.ts';
import type { RedisProcess, TestHandler } from './testing.ts';

async function send(node: RedisProcess, ...command: string[]): Promise<string> {
  const connection = await createConnection(node.url, { lasting: false }).connect();
  try {
    return String(await connection.sendCommand(command));
  } finally {
    connection.destroy();
  }
}

/** Three masters on loopback, each with a third of the slots. */
async function startCluster(): Promise<readonly RedisProcess[]> {
  const nodes: RedisProcess[] = [];
  for (let index = 0; index < 3; index += 1) {
    const busPort = await findFreePort();
    const options = [
      '--cluster-enabled',
      'yes',
      '--cluster-node-timeout',
      '2000',
      '--cluster-port',
      String(busPort),
    ];
    const node = await startRedis({ options });
    nodes.push(node);
    const from = index * 5462;
    await send(node, 'CLUSTER', 'ADDSLOTSRANGE', String(from), String(Math.min(from + 5461, 16_383)));
    await send(node, 'CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    const [first] = nodes;
    if (first !== undefined && first !== node) {
      await send(first, 'CLUSTER', 'MEET', '127.0.0.1', String(node.port), String(busPort));
    }
  }
  for (const node of nodes) {
    for (;;) {
      const info = await send(node, 'CLUSTER', 'INFO');
      if (info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3')) break;
      await sleep(50);
    }
  }
  return nodes;
}

describe('a cluster of three nodes', needsRedis, () => {
  let nodes: readonly RedisProcess[];
  let handler: TestHandler;
  const keys = Array.from({ length: 60 }, (_, index) => `key:${index}`);

  before(async () => {
    nodes = await startCluster();
    const [first, ...others] = nodes.map(({ url }) => url);
    assert.ok(first !== undefined);
    handler = await openHandler({ clusterUrls: [first, ...others] }, { requestTimeoutMs: 1000 });
  });
  after(async () => {
    await handler.close();
    await Promise.all(nodes.map((node) => node.kill()));
  });

  test('each command goes to the node that has its key', async () => {
    for (const key of keys) assert.equal(await handler.run('SET', key, key), 'OK');
    for (const node of nodes) assert.ok(Number(await send(node, 'DBSIZE')) > 0);
    assert.equal(await handler.run('DBSIZE'), keys.length);
    assert.deepEqual(await handler.run('MGET', ...keys), keys);
    assert.deepEqual(await handler.run('XREAD', 'COUNT', 1, 'STREAMS', 'none', 0), null);
    assert.equal(await handler.run('OBJECT', 'REFCOUNT', 'key:1'), 1);
    assert.equal(await handler.run('ZINTERCARD', 1, 'none'), 0);
  });

  test('a pipeline over all nodes answers in order, and runs in order', async () => {
    const { json } = await handler.ask({
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
    const same = await handler.ask({
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
    const apart = await handler.ask({ path: '/multi-exec', body: keys.map((key) => ['SET', key, 'x']) });
    assert.equal(apart.status, 400, apart.text);
    assert.match(apart.text, /^\{"error":"EXECABORT .*CROSSSLOT/);
    assert.equal(await handler.run('GET', 'key:0'), 'key:0');
    const two = await handler.ask({ body: ['EVAL', 'return 1', 2, 'key:1', 'key:2'] });
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
      const { status, text } = await handler.ask({ body: command });
      assert.equal(status, 400, text);
      assert.match(text, /^\{"error":"ERR /);
    }
  });

  test('a script is loaded everywhere, and its SHA-1 holds', async () => {
    const script = '#!lua flags=allow-key-locking\nreturn KEYS[1]';
    const sha = await handler.run('SCRIPT', 'LOAD', script);
    for (const key of keys) assert.equal(await handler.run('EVALSHA', sha, 1, key), key);
    assert.deepEqual(await handler.run('SCRIPT', 'EXISTS', sha), [1]);
  });

  test('scan finds the keys of every node', async () => {
    const found: string[] = [];
    let cursor = '0';
    do {
      const [next, page] = (await handler.run('SCAN', cursor, 'COUNT', 10, 'MATCH', 'key:*')) as [
        string,
        string[],
      ];
      found.push(...page);
      cursor = next;
    } while (cursor !== '0');
    assert.deepEqual(found.sort(), [...keys].sort());
  });

  test('a slot that moves is followed, in commands and in transactions', async () => {
    const [first] = nodes;
    assert.ok(first !== undefined);
    const slot = await send(first, 'CLUSTER', 'KEYSLOT', 'moving');
    const owner = Math.floor(Number(slot) / 5462);
    const from = nodes[owner];
    const to = nodes[(owner + 1) % 3];
    assert.ok(from !== undefined && to !== undefined);
    await handler.run('SET', 'moving', 'x');
    const target = await send(to, 'CLUSTER', 'MYID');
    const source = await send(from, 'CLUSTER', 'MYID');
    await send(to, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', source);
    await send(from, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', target);
    await send(from, 'MIGRATE', '127.0.0.1', String(to.port), 'moving', '0', '1000');
    assert.equal(await handler.run('GET', 'moving'), 'x');
    for (const node of [to, from]) await send(node, 'CLUSTER', 'SETSLOT', slot, 'NODE', target);
    const { text } = await handler.ask({
      path: '/multi-exec',
      body: [
        ['APPEND', 'moving', 'y'],
        ['GET', 'moving'],
      ],
    });
    assert.equal(text, '[{"result":2},{"result":"xy"}]');
    assert.equal(await handler.run('GET', 'moving'), 'xy');
  });

  test('subscribe hears what is published on any node, monitor sees all nodes', async () => {
    const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
    const subscribed = await fetch(`${handler.url}/subscribe/chat`, { headers });
    const monitored = await fetch(`${handler.url}/monitor`, { headers });
    for (const node of nodes) await send(node, 'PUBLISH', 'chat', `from ${node.port}`);
    for (const key of keys) await handler.run('GET', key);
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
      const redis = new Redis({ url: handler.url, token });
      const limit = new Ratelimit({ redis, limiter, prefix: name, ephemeralCache: false });
      for (const caller of ['a', 'b', 'c', 'd']) {
        const results = await Promise.all(Array.from({ length: 10 }, () => limit.limit(caller)));
        assert.equal(results.filter(({ success }) => success).length, 5);
      }
    });
  }

  test('a node that hangs costs its own keys the deadline, the others nothing, and comes back', async () => {
    const [, , last] = nodes;
    assert.ok(last !== undefined);
    const [hanging = ''] = (await send(last, 'RANDOMKEY')).split(',');
    const [first] = nodes;
    assert.ok(first !== undefined);
    const healthy = await send(first, 'RANDOMKEY');
    last.process.kill('SIGSTOP');
    const startedAt = performance.now();
    assert.equal((await handler.ask({ body: ['TYPE', hanging] })).status, 503);
    assert.ok(performance.now() - startedAt < 1500);
    assert.equal((await handler.ask({ body: ['TYPE', healthy] })).status, 200);
    last.process.kill('SIGCONT');
    for (const deadline = Date.now() + 5000; ;) {
      if ((await handler.ask({ body: ['TYPE', hanging] })).status === 200) break;
      assert.ok(Date.now() < deadline, 'the node is back, but the endpoint does not reach it');
    }
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

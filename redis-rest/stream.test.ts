import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from './connection.ts';
import {
  readOnlyToken,
  startEndpoint,
  token,
  type TestEndpoint,
} from '../test/support/redis-rest-endpoint.ts';
import { startRedis, withoutRedis, type RedisServer } from '../test/support/redis-server.ts';

/** Opens a stream, and gives its lines one by one. */
async function openStream(endpoint: TestEndpoint, path: string) {
  const outgoing = httpGet(`${endpoint.url}${path}`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
  });
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  let text = '';
  response.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return {
    response,
    /** Without what fills its silence, which comes whenever the machine is slower than that. */
    text: () => text.replaceAll(': heartbeat\n\n', ''),
    async until(expected: string): Promise<void> {
      while (!text.includes(expected)) await once(response, 'data');
    },
    close: () => outgoing.destroy(),
  };
}

describe('streams', { skip: withoutRedis }, () => {
  let redis: RedisServer;
  let endpoint: TestEndpoint;

  before(async () => {
    redis = await startRedis();
    endpoint = await startEndpoint({ url: redis.url }, { heartbeatMs: 100 });
  });
  after(async () => {
    await endpoint.close();
    await redis.close();
  });

  async function countClients(): Promise<number> {
    const connection = await createConnection(redis.url, { lasting: false }).connect();
    const list = String(await connection.sendCommand(['CLIENT', 'LIST']));
    connection.destroy();
    return list.trim().split('\n').length - 1;
  }

  test('subscribe confirms each channel, then delivers what is published', { timeout: 300_000 }, async () => {
    const stream = await openStream(endpoint, '/subscribe/chat/other');
    assert.equal(stream.response.headers['content-type'], 'text/event-stream');
    await endpoint.run('PUBLISH', 'chat', 'hello');
    assert.equal(
      (await endpoint.ask({ path: '/publish/other/how%20are%20you,today%3F' })).text,
      '{"result":1}',
    );
    await stream.until('today');
    assert.equal(
      stream.text(),
      'data: subscribe,chat,1\n\ndata: subscribe,other,2\n\n' +
        'data: message,chat,hello\n\ndata: message,other,how are you,today?\n\n',
    );
    stream.close();
  });

  test('psubscribe delivers with the pattern', { timeout: 300_000 }, async () => {
    const stream = await openStream(endpoint, '/psubscribe/ch*');
    await endpoint.run('PUBLISH', 'chat', 'hello');
    await stream.until('hello');
    assert.match(stream.text(), /^data: psubscribe,ch\*,1\n\ndata: pmessage,ch\*,chat,hello\n\n/);
    stream.close();
  });

  test('monitor shows what runs', { timeout: 300_000 }, async () => {
    const stream = await openStream(endpoint, '/monitor');
    await stream.until('data: "OK"\n\n');
    await endpoint.run('SET', 'k', 'v');
    await stream.until('"SET"');
    assert.match(stream.text(), /data: \d+\.\d+ \[0 127\.0\.0\.1:\d+\] "SET" "k" "v"\n\n/);
    stream.close();
  });

  test(
    'a line break in a message starts another data line, and nothing else',
    { timeout: 300_000 },
    async () => {
      const stream = await openStream(endpoint, '/subscribe/lines');
      await endpoint.run('PUBLISH', 'lines', 'one\ntwo\r\n\r\nevent: evil');
      await stream.until('evil');
      assert.match(stream.text(), /data: message,lines,one\ndata: two\ndata: \ndata: event: evil\n\n/);
      stream.close();
    },
  );

  test('silence is filled with a heartbeat', { timeout: 300_000 }, async () => {
    const stream = await openStream(endpoint, '/subscribe/silence');
    await stream.until(': heartbeat\n\n: heartbeat\n\n');
    stream.close();
  });

  test('the connection to Redis closes with the client, and others stay', { timeout: 300_000 }, async () => {
    const before = await countClients();
    const kept = await openStream(endpoint, '/subscribe/a');
    const left = await openStream(endpoint, '/monitor');
    assert.equal(await countClients(), before + 2);
    left.close();
    while ((await countClients()) !== before + 1) await sleep(10);
    await endpoint.run('PUBLISH', 'a', 'still here');
    await kept.until('still here');
    kept.close();
    while ((await countClients()) !== before) await sleep(10);
  });

  test(
    'a stream needs its Accept header, a channel, and a token that may do more than read',
    { timeout: 300_000 },
    async () => {
      const accept = { accept: 'text/event-stream' };
      const readOnly = { ...accept, authorization: `Bearer ${readOnlyToken}` };
      for (const [path, headers] of [
        ['/subscribe/chat', { accept: 'application/json' }],
        ['/subscribe', accept],
        ['/psubscribe', accept],
        ['/subscribe/chat', readOnly],
        ['/monitor', readOnly],
      ] as const) {
        const { status, json } = await endpoint.ask({ path, headers });
        assert.equal(status, 400, path);
        assert.equal(typeof (json as { error: string }).error, 'string');
      }
      assert.equal((await endpoint.ask({ path: '/monitor', method: 'PUT', headers: accept })).status, 405);
      assert.equal((await endpoint.ask({ path: '/monitor', headers: { authorization: '' } })).status, 401);
    },
  );

  test(
    'the stream ends when Redis goes away, because messages were missed',
    { timeout: 300_000 },
    async (t) => {
      const other = await startRedis();
      t.after(other.close);
      const open = await startEndpoint({ url: other.url });
      t.after(open.close);
      const stream = await openStream(open, '/subscribe/chat');
      const ended = once(stream.response, 'end');
      await other.kill();
      await ended;
      await open.untilLogged('redis is away');
      const { status, json } = await open.ask({
        path: '/subscribe/chat',
        headers: { accept: 'text/event-stream' },
      });
      assert.equal(status, 503, JSON.stringify(json));
    },
  );

  test('a server that drains ends its streams', { timeout: 300_000 }, async () => {
    const open = await startEndpoint({ url: redis.url });
    const stream = await openStream(open, '/subscribe/chat');
    const ended = once(stream.response, 'end');
    await open.close();
    await ended;
  });
});

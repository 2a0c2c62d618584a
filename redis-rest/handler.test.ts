import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { startEndpoint, type TestEndpoint } from '../test/support/redis-rest-endpoint.ts';
import { startRedis, withoutRedis, type RedisServer } from '../test/support/redis-server.ts';

describe('the protocol', { skip: withoutRedis }, () => {
  let redis: RedisServer;
  let endpoint: TestEndpoint;

  before(async () => {
    redis = await startRedis();
    endpoint = await startEndpoint({ url: redis.url });
  });
  after(async () => {
    await endpoint.close();
    await redis.close();
  });
  beforeEach(async () => {
    await endpoint.run('FLUSHALL');
  });

  test('a command is a JSON array of strings, numbers and booleans', async () => {
    const set = await endpoint.ask({ body: ['SET', 'foo', 'bar', 'EX', 100] });
    assert.equal(set.status, 200, set.text);
    assert.equal(set.text, '{"result":"OK"}');
    assert.equal(await endpoint.run('TTL', 'foo'), 100);
    assert.equal(await endpoint.run('append', 'foo', true), 7);
    assert.equal(await endpoint.run('get', 'foo'), 'bartrue');
  });

  test('any content type is read', async () => {
    for (const type of ['application/json; charset=utf-8', 'text/plain', 'application/octet-stream']) {
      const { text } = await endpoint.ask({ body: '["ECHO","x"]', headers: { 'content-type': type } });
      assert.equal(text, '{"result":"x"}', type);
    }
  });

  const replies: readonly [string, readonly unknown[], string][] = [
    ['null', ['GET', 'missing'], '{"result":null}'],
    ['an integer', ['INCRBY', 'n', 137], '{"result":137}'],
    ['a string', ['ECHO', 'vé"\n'], '{"result":"vé\\"\\n"}'],
    ['an array', ['MGET', 'a', 'b'], '{"result":[null,null]}'],
    ['a nested array', ['EVAL', "return {1,{'a',{}}}", 0], '{"result":[1,["a",[]]]}'],
    ['an integer beyond 2^53', ['INCRBY', 'big', '9223372036854775807'], '{"result":9223372036854775807}'],
  ];
  for (const [name, command, expected] of replies) {
    test(`a reply may be ${name}`, async () => {
      assert.equal((await endpoint.ask({ body: command })).text, expected);
    });
  }

  test('an integer that JSON cannot carry exactly is refused, one that it can is taken', async () => {
    const { status, text } = await endpoint.ask({ body: '["SET","n",12345678901234567890]' });
    assert.equal(status, 400, text);
    await endpoint.run('SET', 'n', 2 ** 60);
    assert.equal(await endpoint.run('GET', 'n'), String(2 ** 60));
  });

  test('an error from Redis is a 400 with its text', async () => {
    const { status, json } = await endpoint.ask({ body: ['GET'] });
    assert.deepEqual([status, json], [400, { error: "ERR wrong number of arguments for 'get' command" }]);
  });

  for (const method of ['GET', 'POST', 'PUT']) {
    test(`${method}: a path is a command and its arguments`, async () => {
      const set = await endpoint.ask({ method, path: '/set/foo%2Fbar/a%20b+c/EX/100' });
      assert.equal(set.text, '{"result":"OK"}');
      assert.equal(await endpoint.run('GET', 'foo/bar'), 'a b+c');
    });
  }

  test('HEAD runs the command and leaves the body out', async () => {
    const { status, text, headers } = await endpoint.ask({ method: 'HEAD', path: '/set/foo/bar' });
    assert.deepEqual([status, text, headers.get('content-length')], [200, '', '15']);
    assert.equal(await endpoint.run('GET', 'foo'), 'bar');
  });

  for (const method of ['POST', 'PUT']) {
    test(`${method}: the body is the last argument, the query comes after it`, async () => {
      const bytes = Uint8Array.of(0xff, 0x00, 0x0d, 0x0a, 0x80);
      assert.equal(
        (await endpoint.ask({ method, path: '/set/foo?EX=100&NX', body: bytes })).text,
        '{"result":"OK"}',
      );
      assert.equal(await endpoint.run('STRLEN', 'foo'), 5);
      assert.equal(await endpoint.run('TTL', 'foo'), 100);
      assert.equal((await endpoint.ask({ method, path: '/set/foo?NX', body: 'x' })).text, '{"result":null}');
    });
  }

  test('the bytes of a path reach Redis as they are', async () => {
    await endpoint.ask({ method: 'GET', path: '/set/foo/%FF%00a' });
    const { json } = await endpoint.ask({ body: ['GET', 'foo'], headers: { 'upstash-encoding': 'base64' } });
    assert.deepEqual(json, { result: Buffer.from([0xff, 0, 0x61]).toString('base64') });
  });

  test('base64 encodes every string except OK, at any depth', async () => {
    const headers = { 'upstash-encoding': 'base64' };
    assert.equal((await endpoint.ask({ headers, body: ['SET', 'foo', 'bar'] })).text, '{"result":"OK"}');
    const nested = await endpoint.ask({ headers, body: ['EVAL', "return {'bar',{'OK',1}}", 0] });
    assert.equal(nested.text, '{"result":["YmFy",["OK",1]]}');
    const pipeline = await endpoint.ask({ headers, path: '/pipeline', body: [['GET', 'foo'], ['GET']] });
    assert.equal(
      pipeline.text,
      `[{"result":"YmFy"},{"error":"ERR wrong number of arguments for 'get' command"}]`,
    );
  });

  test('without base64, bytes that are not UTF-8 become U+FFFD', async () => {
    await endpoint.ask({ path: '/set/foo', body: Uint8Array.of(0x61, 0xff) });
    assert.equal(await endpoint.run('GET', 'foo'), 'a\ufffd');
    const raw = await endpoint.ask({ body: ['BITOP', 'NOT', 'bar', 'foo'] });
    assert.equal(raw.status, 200, raw.text);
    assert.equal((await endpoint.ask({ body: ['GET', 'bar'] })).status, 200);
  });

  test('resp2 passes the reply on as Redis wrote it', async () => {
    const headers = { 'upstash-response-format': 'resp2' };
    const set = await endpoint.ask({ headers, body: ['SET', 'foo', 'bar'] });
    assert.equal(set.headers.get('content-type'), 'application/octet-stream');
    assert.equal(set.text, '+OK\r\n');
    assert.equal((await endpoint.ask({ headers, body: ['GET', 'foo'] })).text, '$3\r\nbar\r\n');
    assert.equal((await endpoint.ask({ headers, body: ['GET', 'none'] })).text, '$-1\r\n');
    assert.equal((await endpoint.ask({ headers, body: ['STRLEN', 'foo'] })).text, ':3\r\n');
    assert.equal(
      (await endpoint.ask({ headers, body: ['EVAL', "return {-5,'5',{}}", 0] })).text,
      '*3\r\n:-5\r\n$1\r\n5\r\n*0\r\n',
    );
    const pipeline = await endpoint.ask({ headers, path: '/pipeline', body: [['PING'], ['GET']] });
    assert.equal(pipeline.text, "+PONG\r\n-ERR wrong number of arguments for 'get' command\r\n");
    const failed = await endpoint.ask({ headers, body: ['GET'] });
    assert.equal(failed.status, 400);
    assert.deepEqual(failed.json, { error: "ERR wrong number of arguments for 'get' command" });
  });

  test('resp2 does not go with base64, another format is not known, a transaction stays JSON', async () => {
    const both = { 'upstash-response-format': 'resp2', 'upstash-encoding': 'base64' };
    assert.equal((await endpoint.ask({ headers: both, body: ['PING'] })).status, 400);
    const other = { 'upstash-response-format': 'resp3' };
    assert.equal((await endpoint.ask({ headers: other, body: ['PING'] })).status, 400);
    const { text } = await endpoint.ask({
      headers: { 'upstash-response-format': 'resp2' },
      path: '/multi-exec',
      body: [
        ['SET', 'a', '1'],
        ['GET', 'a'],
      ],
    });
    assert.equal(text, '[{"result":"OK"},{"result":"1"}]');
  });

  test('a pipeline answers each command by itself, in order', async () => {
    const { status, json } = await endpoint.ask({
      path: '/pipeline',
      body: [
        ['SET', 'key1', 'valuex'],
        ['INCR', 'key1'],
        ['SELECT', 1],
        ['ZADD', 'z', 11, 'a', 22, 'b'],
      ],
    });
    assert.equal(status, 200);
    assert.deepEqual(json, [
      { result: 'OK' },
      { error: 'ERR value is not an integer or out of range' },
      {
        error:
          "ERR 'SELECT' is not available over REST: it would change the connection that all callers share",
      },
      { result: 2 },
    ]);
  });

  test('a transaction runs whole, with the errors of its commands beside the results', async () => {
    const { status, json } = await endpoint.ask({
      path: '/multi-exec',
      body: [
        ['SET', 'key1', 'valuex'],
        ['INCR', 'key1'],
        ['GET', 'key1'],
      ],
    });
    assert.equal(status, 200);
    assert.deepEqual(json, [
      { result: 'OK' },
      { error: 'ERR value is not an integer or out of range' },
      { result: 'valuex' },
    ]);
  });

  test('a transaction with a command that cannot run is discarded as a whole', async () => {
    for (const impossible of [['NOSUCHCOMMAND'], ['GET'], ['MULTI'], ['EXEC'], ['BLPOP', 'a', 0]]) {
      const { status, json } = await endpoint.ask({
        path: '/multi-exec',
        body: [['SET', 'key1', 'x'], impossible],
      });
      assert.equal(status, 400);
      assert.match((json as { error: string }).error, /^EXECABORT Transaction discarded because of: ERR /);
      assert.equal(await endpoint.run('EXISTS', 'key1'), 0);
    }
  });

  test('each answer has a sync token of its own, and one that is sent is taken', async () => {
    const first = await endpoint.ask({ body: ['PING'], headers: { 'upstash-sync-token': '' } });
    const sent = first.headers.get('upstash-sync-token') ?? '';
    assert.match(sent, /^[\w.-]+$/);
    const second = await endpoint.ask({ body: ['PING'], headers: { 'upstash-sync-token': sent } });
    assert.equal(second.status, 200);
    assert.notEqual(second.headers.get('upstash-sync-token'), sent);
  });

  test('another method is a 405 that names the right ones', async () => {
    for (const [path, method, allow] of [
      ['/', 'DELETE', 'GET, HEAD, POST, PUT'],
      ['/get/foo', 'PATCH', 'GET, HEAD, POST, PUT'],
      ['/pipeline', 'GET', 'POST, PUT'],
      ['/multi-exec', 'GET', 'POST, PUT'],
      ['/health', 'POST', 'GET, HEAD'],
    ] as const) {
      const { status, headers, json } = await endpoint.ask({ path, method });
      assert.deepEqual([path, status, headers.get('allow')], [path, 405, allow]);
      assert.equal(typeof (json as { error: string }).error, 'string');
    }
  });
});

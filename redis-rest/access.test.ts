import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import {
  readOnlyToken,
  startEndpoint,
  token,
  type TestEndpoint,
} from '../test/support/redis-rest-endpoint.ts';
import { startRedis, withoutRedis, type RedisServer } from '../test/support/redis-server.ts';

describe('who may call', { skip: withoutRedis }, () => {
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

  test('without a token, or with a wrong one, the answer is 401', async () => {
    for (const authorization of ['', 'Bearer', 'Bearer wrong', `Basic ${token}`, `Bearer ${token}x`]) {
      const { status, headers, json } = await endpoint.ask({ body: ['PING'], headers: { authorization } });
      assert.equal(status, 401, authorization);
      assert.equal(headers.get('www-authenticate'), 'Bearer');
      assert.deepEqual(json, { error: 'WRONGPASS the token is missing or not valid' });
    }
  });

  test('a token in the address counts only where that was asked for', async () => {
    const path = `/set/foo/bar?EX=100&_token=${token}`;
    assert.equal((await endpoint.ask({ path, headers: { authorization: '' } })).status, 401);
    const open = await startEndpoint({ url: redis.url }, { tokenInUrl: true });
    assert.equal((await open.ask({ path, headers: { authorization: '' } })).text, '{"result":"OK"}');
    assert.equal(await open.run('TTL', 'foo'), 100);
    await open.close();
  });

  test('one of several tokens is enough', async () => {
    const other = 'another-token-that-may-do-everything';
    const open = await startEndpoint({ url: redis.url }, { tokens: [token, other] });
    assert.equal(await open.run('PING'), 'PONG');
    const { status } = await open.ask({ body: ['PING'], headers: { authorization: `bearer ${other}` } });
    assert.equal(status, 200);
    await open.close();
  });

  test('a read-only token reads, and nothing else', async () => {
    const headers = { authorization: `Bearer ${readOnlyToken}` };
    await endpoint.run('SET', 'foo', 'bar');
    for (const command of [
      ['GET', 'foo'],
      ['ping'],
      ['TIME'],
      ['ZRANGE', 'z', 0, -1],
      ['OBJECT', 'ENCODING', 'foo'],
    ]) {
      const { status, text } = await endpoint.ask({ headers, body: command });
      assert.equal(status, 200, text);
    }
    for (const command of [
      ['SET', 'foo', 'x'],
      ['DEL', 'foo'],
      ['GETDEL', 'foo'],
      ['KEYS', '*'],
      ['SCAN', '0'],
      ['EVAL', 'return 1', '0'],
      ['EVAL_RO', 'return 1', '0'],
      ['PUBLISH', 'c', 'm'],
      ['SORT', 'l', 'STORE', 'm'],
      ['SCRIPT', 'FLUSH'],
      ['NOSUCHCOMMAND'],
    ]) {
      const { status, text } = await endpoint.ask({ headers, body: command });
      assert.equal(status, 400, text);
      assert.match(text, /^\{"error":"NOPERM /);
    }
    assert.match((await endpoint.ask({ headers, path: '/pipeline', body: [['DEL', 'foo']] })).text, /NOPERM/);
    assert.match(
      (await endpoint.ask({ headers, path: '/multi-exec', body: [['DEL', 'foo']] })).text,
      /NOPERM/,
    );
    assert.equal(await endpoint.run('GET', 'foo'), 'bar');
  });

  test('the health routes answer to GET and HEAD, without a token', async () => {
    for (const path of ['/health', '/health/live', '/health/ready']) {
      for (const method of ['GET', 'HEAD']) {
        const { status, headers, json } = await endpoint.ask({
          path,
          method,
          headers: { authorization: '' },
        });
        assert.deepEqual([status, headers.get('cache-control')], [200, 'no-store'], path);
        if (method === 'GET') assert.equal((json as { status: string }).status, 'pass');
      }
    }
    const { headers, text } = await endpoint.ask({ path: '/health', method: 'GET' });
    assert.equal(headers.get('content-type'), 'application/health+json');
    assert.match(
      text,
      /"redis:responseTime":\[\{"componentType":"datastore","status":"pass","observedValue"/,
    );
    assert.match(text, /"uptime":\[/);
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readOnlyToken, startEndpoint, type TestEndpoint } from '../test/support/redis-rest-endpoint.ts';
import { startRedis, withoutRedis, type RedisServer } from '../test/support/redis-server.ts';

const headers = { authorization: `Bearer ${readOnlyToken}` };
const tooLarge = /^\{"error":"ERR the reply is larger than 2097152 bytes/;

describe('what a read-only token asks for', { skip: withoutRedis }, () => {
  let redis: RedisServer;
  let endpoint: TestEndpoint;

  before(async () => {
    redis = await startRedis();
    endpoint = await startEndpoint({ url: redis.url });
    redis.run('SADD', 's', 'x'.repeat(100));
    redis.run('EVAL', "redis.call('SET', KEYS[1], string.rep('x', 1024 * 1024))", '1', 'value');
    redis.run(
      'EVAL',
      "for i = 1, 100000 do redis.call('RPUSH', KEYS[1], string.rep('x', 100)) end",
      '1',
      'list',
    );
  });
  after(async () => {
    await endpoint.close();
    await redis.close();
  });

  /** While read-only callers ask for this, everybody else's commands are answered, each in its turn. */
  async function runBeside(body: unknown, path = '/') {
    let isDone = false;
    const bystander = (async () => {
      for (let count = 1; !isDone; count += 1) {
        assert.equal(await endpoint.run('ECHO', String(count)), String(count));
      }
    })();
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => endpoint.ask({ headers, path, body })));
    isDone = true;
    await bystander;
    assert.doesNotMatch(endpoint.logged(), /redis is away/);
    return answers;
  }

  test('members with repeats beyond a thousand are refused before Redis makes them', async () => {
    for (const command of [
      ['SRANDMEMBER', 's', -1_000_000],
      ['hrandfield', 'h', '-1001', 'WITHVALUES'],
      ['ZRANDMEMBER', 'z', '-9223372036854775807'],
    ]) {
      const { status, text } = await endpoint.ask({ headers, body: command });
      assert.equal(status, 400, text);
      assert.match(text, /^\{"error":"NOPERM a read-only token may ask for 1000 members with repeats/);
    }
    const { json } = await endpoint.ask({ headers, body: ['SRANDMEMBER', 's', -1000] });
    assert.equal((json as { result: unknown[] }).result.length, 1000);
    assert.equal((await endpoint.ask({ headers, body: ['LCS', 'a', 'b'] })).status, 400);
  });

  test('a reply beyond the budget is an error, and nobody else is disturbed', async () => {
    for (const command of [
      ['LRANGE', 'list', 0, -1],
      ['MGET', ...new Array<string>(10).fill('value')],
    ]) {
      for (const { status, text } of await runBeside(command)) {
        assert.equal(status, 400, text.slice(0, 200));
        assert.match(text, tooLarge);
      }
    }
    const { json } = await endpoint.ask({ headers, body: ['LRANGE', 'list', 0, 9] });
    assert.equal((json as { result: unknown[] }).result.length, 10);
  });

  test('a pipeline has one budget: what came before it was spent is answered', async () => {
    const gets = new Array<readonly string[]>(20).fill(['GET', 'value']);
    for (const { status, json } of await runBeside(gets, '/pipeline')) {
      assert.equal(status, 200);
      const items = json as readonly { result?: string; error?: string }[];
      assert.equal(items.length, 20);
      assert.equal(items[0]?.result?.length, 1024 * 1024);
      assert.match(JSON.stringify(items[19]), tooLarge);
    }
    for (const { status, text } of await runBeside(gets, '/multi-exec')) {
      assert.equal(status, 400);
      assert.match(text, /ERR the reply is larger than 2097152 bytes/);
    }
  });

  test('whoever may do everything has no budget', async () => {
    assert.equal(((await endpoint.run('LRANGE', 'list', 0, 99_999)) as unknown[]).length, 100_000);
  });
});

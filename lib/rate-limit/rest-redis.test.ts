import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { createRestRedis } from './rest-redis.ts';

type Commands = readonly (readonly string[])[];

/** Answers each command by its key, and keeps what came in one request. */
async function startEndpoint(behave: (commands: Commands) => string = answerAll) {
  const requests: Commands[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const commands = JSON.parse(body) as Commands;
      requests.push(commands);
      response.end(behave(commands));
    });
  }).listen(0, '127.0.0.1');
  after(() => server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { requests, url, token: 'token', deadlineMs: 30_000 };
}

const answerAll = (commands: Commands) => JSON.stringify(commands.map(([, key]) => ({ result: key })));

test('what is asked within one turn travels in one request, and each gets its own answers', async () => {
  const endpoint = await startEndpoint();
  const redis = createRestRedis({ ...endpoint, together: true });
  const ask = async (...keys: readonly string[]) => {
    const pipeline = redis.pipeline();
    for (const key of keys) pipeline.del(key);
    return pipeline.exec({ keepErrors: true });
  };
  assert.deepEqual(await Promise.all([ask('a', 'b'), ask('c')]), [
    [{ result: 'a' }, { result: 'b' }],
    [{ result: 'c' }],
  ]);
  assert.deepEqual(await ask('d'), [{ result: 'd' }]);
  assert.deepEqual(
    endpoint.requests.map((commands) => commands.map(([, key]) => key)),
    [['a', 'b', 'c'], ['d']],
  );
});

test('apart, as on Workers, each has a request of its own', async () => {
  const endpoint = await startEndpoint();
  const redis = createRestRedis({ ...endpoint, together: false });
  const ask = (key: string) => {
    const pipeline = redis.pipeline();
    pipeline.del(key);
    return pipeline.exec({ keepErrors: true });
  };
  await Promise.all([ask('a'), ask('b')]);
  assert.equal(endpoint.requests.length, 2);
});

test('a request that fails fails for all who were in it, and for nobody after them', async () => {
  let asked = 0;
  const endpoint = await startEndpoint((commands) => (asked++ === 0 ? '<html>' : answerAll(commands)));
  const redis = createRestRedis({ ...endpoint, together: true });
  const ask = (key: string) => {
    const pipeline = redis.pipeline();
    pipeline.del(key);
    return pipeline.exec({ keepErrors: true });
  };
  const results = await Promise.allSettled([ask('a'), ask('b')]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.deepEqual(await ask('c'), [{ result: 'c' }]);
});

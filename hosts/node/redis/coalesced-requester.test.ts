import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import test from 'node:test';
import { Redis } from '@upstash/redis';
import { createCoalescedRequester } from './coalesced-requester.ts';

test('coalesced requester: what is asked in one turn travels in one request, and each gets its own answers', async (t) => {
  const endpoint = await startEndpoint(t);
  const answers = await Promise.all([
    endpoint.redis.pipeline().get('a').get('b').exec(),
    endpoint.redis.get('c'),
    endpoint.redis.pipeline().get('missing').get('d').exec({ keepErrors: true }),
  ]);
  assert.deepEqual(answers, [
    ['a', 'b'],
    'c',
    [
      { error: 'ERR missing', result: undefined },
      { error: undefined, result: 'd' },
    ],
  ]);
  assert.deepEqual(endpoint.requests, [
    { path: '/pipeline', authorization: 'Bearer token', keys: ['a', 'b', 'c', 'missing', 'd'] },
  ]);
});

test('coalesced requester: a batch goes on in the trace of the first who asked', async (t) => {
  const endpoint = await startEndpoint(t);
  const trace = new AsyncLocalStorage<string>();
  const ask = (id: string) => trace.run(id, () => endpoint.redis.get(id));
  endpoint.trace(() => ({ traceparent: trace.getStore() ?? 'none' }));
  await Promise.all([ask('first'), ask('second')]);
  await ask('third');
  assert.deepEqual(endpoint.traces, ['first', 'third']);
});

test('coalesced requester: keeps its connection', async (t) => {
  const endpoint = await startEndpoint(t);
  for (const key of ['a', 'b', 'c']) assert.equal(await endpoint.redis.get(key), key);
  assert.equal(endpoint.requests.length, 3);
  assert.equal(endpoint.connections(), 1);
});

test('coalesced requester: a hung endpoint fails everybody who waits within the deadline, and nobody afterwards', async (t) => {
  const endpoint = await startEndpoint(t);
  endpoint.behave('hang');
  const results = await Promise.allSettled([endpoint.redis.get('a'), endpoint.redis.get('b')]);
  assert.ok(
    results.every(
      (result) => result.status === 'rejected' && /no answer in 1000 ms/.test(String(result.reason)),
    ),
  );
  endpoint.behave('answer');
  assert.equal(await endpoint.redis.get('c'), 'c');
});

for (const [behaviour, message] of [
  ['refuse', /answered 401/],
  ['babble', /JSON/],
  ['break', /socket hang up|ECONNRESET/],
] as const) {
  test(`coalesced requester: a endpoint that does not answer by a pipeline (${behaviour}) is a failure`, async (t) => {
    const endpoint = await startEndpoint(t);
    endpoint.behave(behaviour);
    await assert.rejects(endpoint.redis.get('a'), message);
  });
}

type Behaviour = 'answer' | 'hang' | 'refuse' | 'babble' | 'break';

async function startEndpoint(t: { after: (done: () => void) => void }): Promise<{
  redis: Redis;
  requests: { path: string | undefined; authorization: string | undefined; keys: string[] }[];
  connections: () => number;
  behave: (how: Behaviour) => void;
  /** What goes along from now on. */
  trace: (toHeaders: () => Readonly<Record<string, string>>) => void;
  traces: unknown[];
}> {
  const traces: unknown[] = [];
  let traceHeaders: () => Readonly<Record<string, string>> = () => ({});
  const requests: { path: string | undefined; authorization: string | undefined; keys: string[] }[] = [];
  let connections = 0;
  let behaviour: Behaviour = 'answer';
  const replies: Record<Behaviour, (response: ServerResponse, keys: string[]) => void> = {
    answer: (response, keys) =>
      response.end(
        JSON.stringify(keys.map((key) => (key === 'missing' ? { error: 'ERR missing' } : { result: key }))),
      ),
    hang: () => undefined,
    refuse: (response) => response.writeHead(401).end('{"error":"WRONGPASS"}'),
    babble: (response) => response.end('<html>'),
    break: (response) => response.destroy(),
  };
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const keys = (JSON.parse(body) as string[][]).map(([, key = '']) => key);
      if (request.headers['traceparent']) traces.push(request.headers['traceparent']);
      requests.push({ path: request.url, authorization: request.headers.authorization, keys });
      replies[behaviour](response, keys);
    });
  });
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  const requester = createCoalescedRequester({
    url: `http://127.0.0.1:${String(address.port)}`,
    token: 'token',
    deadlineMs: 1000,
    traceHeaders: () => traceHeaders(),
  });
  t.after(() => {
    requester.close();
    server.closeAllConnections();
    server.close();
  });
  return {
    redis: new Redis(requester),
    requests,
    connections: () => connections,
    behave: (how) => void (behaviour = how),
    trace: (toHeaders) => void (traceHeaders = toHeaders),
    traces,
  };
}

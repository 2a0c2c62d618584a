/** What both ways to Redis over REST promise: by `fetch`, and by Node's own client. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, describe, test } from 'node:test';
import { ask } from './redis-pipelines.ts';
import type { createRestRedis } from './rest-redis.ts';

type Commands = readonly (readonly string[])[];

/** Answers each command by its key, and keeps what came in one request. */
async function startEndpoint(behave: (commands: Commands) => string | undefined = answerAll) {
  const requests: Commands[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const commands = JSON.parse(body) as Commands;
      requests.push(commands);
      const answer = behave(commands);
      if (answer !== undefined) response.end(answer);
    });
  }).listen(0, '127.0.0.1');
  after(() => server.close());
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { server, requests, url, token: 'token', deadlineMs: 5000 };
}

const answerAll = (commands: Commands) => JSON.stringify(commands.map(([, key]) => ({ result: key })));

export function restRedisContract(name: string, create: typeof createRestRedis): void {
  describe(name, () => {
    test('the commands of a pipeline travel in one request, and each gets its answer', async () => {
      const endpoint = await startEndpoint();
      const pipeline = create(endpoint).pipeline();
      pipeline.evalsha('sha', ['a', 'b'], ['1']);
      pipeline.eval('return 1', ['c'], []);
      pipeline.del('d');
      assert.deepEqual(await pipeline.exec({ keepErrors: true }), [
        { result: 'sha' },
        { result: 'return 1' },
        { result: 'd' },
      ]);
      assert.deepEqual(endpoint.requests, [
        [
          ['EVALSHA', 'sha', '2', 'a', 'b', '1'],
          ['EVAL', 'return 1', '1', 'c'],
          ['DEL', 'd'],
        ],
      ]);
    });

    test('an endpoint that hangs is given up at the deadline, and its connection with it', async () => {
      const { server, ...endpoint } = await startEndpoint(() => undefined);
      const closed = once(server, 'connection').then(([socket]) => once(socket as Socket, 'close'));
      const pipeline = create({ ...endpoint, deadlineMs: 100 }).pipeline();
      pipeline.del('a');
      await assert.rejects(pipeline.exec({ keepErrors: true }));
      await closed;
    });

    test('who is answered before their request was read keeps no connection from others', async () => {
      const server = createServer((_, response) => response.writeHead(503).end('busy')).listen(
        0,
        '127.0.0.1',
      );
      after(() => void server.closeAllConnections());
      after(() => server.close());
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const redis = create({ url, token: 'token', deadlineMs: 5000 });
      // Larger than what the sockets take in by themselves; and more of them than there may be connections.
      const long = 'x'.repeat(12_000_000);
      for (let nth = 0; nth < 34; nth += 1) {
        const pipeline = redis.pipeline();
        pipeline.del(long);
        await assert.rejects(
          pipeline.exec({ keepErrors: true }),
          /answered 503|EPIPE|ECONNRESET|fetch failed/,
        );
      }
    });

    test('a refusal of the whole request is told in its words, and a page of a proxy by its status alone', async () => {
      const answers: [number, string][] = [
        [400, '{"error":"ERR max daily request limit exceeded"}'],
        [502, '<html>'],
      ];
      const server = createServer((request, response) => {
        const [status = 500, body] = answers.shift() ?? [];
        request.resume().on('end', () => response.writeHead(status).end(body));
      }).listen(0, '127.0.0.1');
      after(() => void server.closeAllConnections());
      after(() => server.close());
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const redis = create({ url, token: 'token', deadlineMs: 5000 });
      const route = 'Redis could not be asked: the REST route answered';
      for (const message of [`${route} 400: ERR max daily request limit exceeded`, `${route} 502`]) {
        const pipeline = redis.pipeline();
        pipeline.del('a');
        await assert.rejects(ask(pipeline), { message });
      }
    });

    test('an answer that is none of the protocol rejects, and the next request is another', async () => {
      let asked = 0;
      const endpoint = await startEndpoint((commands) => (asked++ === 0 ? '<html>' : answerAll(commands)));
      const redis = create(endpoint);
      const ask = (key: string) => {
        const pipeline = redis.pipeline();
        pipeline.del(key);
        return pipeline.exec({ keepErrors: true });
      };
      await assert.rejects(ask('a'));
      assert.deepEqual(await ask('b'), [{ result: 'b' }]);
    });
  });
}

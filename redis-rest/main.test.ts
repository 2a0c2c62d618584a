import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';
import { token } from '../test/support/redis-rest-endpoint.ts';
import { startRedis, withoutRedis } from '../test/support/redis-server.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Runs the entry with nothing in its environment but this. */
function run(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  return {
    child,
    output: () => output,
    async until(message: string): Promise<void> {
      while (!output.includes(JSON.stringify(message))) await once(child.stdout, 'data');
    },
  };
}

describe('the entry', () => {
  test('a bad environment lists its faults and ends with 78', async () => {
    const { child, output } = run({ REDIS_REST_TOKENS: 'short', PORT: 'x' });
    const [code] = await once(child, 'close');
    assert.equal(code, 78);
    const faults = output()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      faults.map(({ level, fault }) => [level, fault.split(':')[0]]),
      [
        ['error', 'REDIS_REST_TOKENS'],
        ['error', 'PORT'],
        ['error', 'REDIS_URL'],
      ],
    );
    assert.doesNotMatch(output(), /short/);
  });

  test('a port that is taken is one line and an exit code', { skip: withoutRedis }, async () => {
    const redis = await startRedis();
    const { child, output } = run({
      REDIS_URL: redis.url,
      REDIS_REST_TOKENS: token,
      PORT: String(redis.port),
    });
    const [code] = await once(child, 'close');
    assert.equal(code, 1);
    assert.match(output(), /"message":"cannot listen","host":"127.0.0.1","port":\d+,"cause":"EADDRINUSE"/);
    await redis.close();
  });

  test(
    'in production a Redis user who may do too much is named, and ends it with 78',
    { skip: withoutRedis },
    async (t) => {
      const redis = await startRedis();
      t.after(redis.close);
      const { child, output } = run({
        NODE_ENV: 'production',
        REDIS_URL: redis.url,
        REDIS_REST_TOKENS: token,
        PORT: '0',
      });
      const [code] = await once(child, 'close');
      assert.equal(code, 78);
      assert.match(
        output(),
        /"level":"error","message":"scripts may run .*","commands":"[^"]*\bMIGRATE\b.*docs\/redis-rest\.md/,
      );
    },
  );

  test(
    'SIGTERM: readiness ends at once, requests go on, what is in flight is answered, exit 0',
    { skip: withoutRedis },
    async () => {
      const redis = await startRedis();
      const { child, output, until } = run({
        REDIS_URL: redis.url,
        REDIS_REST_TOKENS: token,
        PORT: '0',
        DRAIN_DELAY_MS: '500',
      });
      await until('redis is ready');
      await until('listening');
      const port = Number(/"port":(\d+)/.exec(output())?.[1]);
      const url = `http://127.0.0.1:${port}`;
      const headers = { authorization: `Bearer ${token}` };
      assert.equal((await fetch(`${url}/health/ready`)).status, 200);

      child.kill('SIGTERM');
      await until('draining');
      assert.equal((await fetch(`${url}/health/ready`)).status, 503);
      assert.equal((await fetch(`${url}/health/live`)).status, 200);
      const during = await fetch(url, { method: 'POST', headers, body: '["SET","foo","bar"]' });
      assert.deepEqual([during.status, during.headers.get('connection')], [200, 'close']);

      // Half of a request is there when the endpoint closes; the other half still comes, and is answered.
      const late = httpRequest(url, { method: 'POST', headers: { ...headers, 'content-length': 13 } });
      late.write('["GET",');
      await assert.doesNotReject(untilRefused(url));
      late.end('"foo"]');
      const [answer] = (await once(late, 'response')) as [IncomingMessage];
      assert.equal(answer.statusCode, 200);

      const [code] = await once(child, 'close');
      assert.equal(code, 0);
      assert.match(output(), /"message":"stopped"/);
      assert.doesNotMatch(output(), new RegExp(token));
      await redis.close();
    },
  );
});

async function untilRefused(url: string): Promise<void> {
  for (;;) {
    try {
      await (await fetch(`${url}/health/live`)).text();
    } catch {
      return;
    }
  }
}

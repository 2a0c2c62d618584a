/** The limiter of a Worker finds Redis back by itself, though a request there ends with its answer. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { createPrivateKey } from '../../lib/security/jwt.ts';
import { fetch } from '../support/documented.ts';
import { startRedis, withoutRedis } from '../support/redis-server.ts';
import { startRedisRest } from '../support/redis-rest-server.ts';
import { makeBundles } from './bundles.ts';
import { withoutRuntime } from './executables.ts';
import { startArtefact } from './runtime.ts';

const skip = withoutRedis || withoutRuntime('cloudflare');

test('a Worker that answered without Redis counts with it again once it is back', { skip }, async () => {
  const redis = await startRedis();
  after(redis.close);
  const rest = await startRedisRest(redis.port);
  after(rest.close);
  let isAway = true;
  let sent = '';
  const relay = createServer((request, response) => {
    // One that its Worker has given up ends with an error, and is nobody's any more.
    const given = text(request).catch(() => undefined);
    void given.then(async (body) => {
      if (body === undefined) return;
      if (isAway) {
        response.writeHead(503).end();
        return;
      }
      sent = body;
      const { authorization = '' } = request.headers;
      const answer = await fetch(`${rest.url}${request.url ?? ''}`, {
        method: 'POST',
        headers: { Authorization: authorization, 'Content-Type': 'application/json' },
        body,
      });
      const answered = await answer.text();
      // Later than the request that asked is answered, and well within the limiter's deadline.
      setTimeout(() => response.writeHead(answer.status).end(answered), 50);
    });
  }).listen(0, '127.0.0.1');
  after(() => relay.close());
  await once(relay, 'listening');
  const out = await makeBundles('--only', 'keys/publish', '--target', 'cloudflare');
  const { url, said, close } = await startArtefact(
    'cloudflare',
    join(out, 'cloudflare/keys-publish/index.mjs'),
    {
      NODE_ENV: 'development',
      LOG_LEVEL: 'info',
      PUBLIC_URL: 'https://api.example.com',
      TOKEN_SECRET: 'a secret of this test that is long enough for all',
      JWT_PRIVATE_KEYS: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
      UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${(relay.address() as AddressInfo).port}`,
      UPSTASH_REDIS_REST_TOKEN: rest.token,
    },
  );
  after(close);
  let asked = 0;
  const ask = async () => {
    const headers = { 'CF-Connecting-IP': `10.2.${asked >> 8}.${asked++ & 255}` };
    const response = await fetch(`${url}/.well-known/jwks.json`, { headers });
    assert.equal(response.status, 200, await response.text());
  };
  await ask();
  assert.match(said(), /rate limits are decided without the shared store/);
  isAway = false;
  // A probe is sent once a second, beside a request.
  while (!said().includes('rate limits are shared again')) await ask();
  // It has been sent the script by now, and is asked by the hash of that.
  await ask();
  assert.match(sent, /^\[\["EVALSHA",/);
});

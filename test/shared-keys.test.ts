/** Four routers, one Redis and one key: its limit is one limit, and its end is everywhere at once. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createDatabaseClient } from '../db/client.ts';
import { createPrivateKey } from '../lib/security/jwt.ts';
import { makeApiKey } from './support/api-keys.ts';
import { createTestDatabase } from './support/database.ts';
import { fetch } from './support/documented.ts';
import { startRedis, withoutRedis } from './support/redis-server.ts';
import { expectEmpty, expectJson, expectProblem } from './support/responses.ts';
import { type RouterProcess, startRouter } from './support/router-process.ts';

test(
  'a hundred at once at a limit of fifty: exactly fifty, and none once it is revoked',
  { skip: withoutRedis },
  async () => {
    const database = await createTestDatabase();
    after(database.drop);
    const redis = await startRedis();
    after(redis.close);
    const env = {
      NODE_ENV: 'production',
      RESEND_API_KEY: 're_nobody',
      RESEND_BASE_URL: 'http://127.0.0.1:9',
      MAIL_FROM: 'no-reply@example.com',
      PUBLIC_URL: 'https://api.example.com',
      DATABASE_URL: database.url,
      JWT_PRIVATE_KEYS: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
      TOKEN_SECRET: 'a secret of this test that is long enough for all',
      TRUSTED_PROXY_HOPS: '0',
      DRAIN_DELAY_MS: '0',
      REQUIRE_EMAIL_VERIFICATION: 'false',
      REDIS_URL: redis.url,
    };
    const routers: RouterProcess[] = [];
    for (let nth = 0; nth < 4; nth += 1) routers.push(await startRouter(env));
    const [first, second] = routers;
    assert.ok(first && second);

    const send = ({ url }: RouterProcess, method: string, path: string, token?: string, body?: unknown) =>
      fetch(`${url}${path}`, {
        method,
        headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    const account = { email: 'keys@example.com', password: 'correct horse battery staple' };
    const owner = await expectJson<{ access_token: string; organization: { id: string } }>(
      await send(first, 'POST', '/v1/auth/register', undefined, account),
      201,
    );
    const path = `/v1/organizations/${owner.organization.id}`;
    const make = (requests: number) =>
      makeApiKey(
        { send: (method, at, { token, body } = {}) => send(first, method, at, token, body) },
        owner,
        path,
        { limit: { requests, seconds: 3600 } },
      );
    const ask = (router: RouterProcess, key: string) => send(router, 'GET', '/v1/me/api-key', key);

    // On a machine that is too busy to hear of Redis within the deadline a router decides alone: then it is tried again.
    const countAlone = () =>
      routers.flatMap(({ lines }) => lines).filter((line) => line.includes('without the shared store'))
        .length;
    for (let before = -1; before !== countAlone();) {
      before = countAlone();
      const { key } = await make(50);
      const asked = Array.from({ length: 25 }, () => routers.map((router) => ask(router, key))).flat();
      const statuses = (await Promise.all(asked)).map(({ status }) => status);
      if (before !== countAlone()) continue;
      assert.deepEqual(
        [200, 429].map((status) => statuses.filter((one) => one === status).length),
        [50, 50],
      );
    }

    const { key, api_key } = await make(1000);
    for (const router of routers) await expectJson(await ask(router, key), 200);
    await expectEmpty(await send(first, 'DELETE', `${path}/api-keys/${api_key.id}`, owner.access_token), 204);
    for (const router of routers) await expectProblem(await ask(router, key), 'api-key-invalid');

    for (const router of routers) assert.equal(await router.stop(), 0);
    const [{ requests } = { requests: 0 }] = await readUsage(database.url, api_key.id);
    assert.equal(requests, 8, 'each wrote down what it had counted when it ended');
  },
);

async function readUsage(url: string, keyId: string) {
  const { sql, close } = createDatabaseClient({ url });
  after(close);
  return sql<{ requests: number }>`
    select sum(requests)::float8 as requests from api_key_usage where key_id = ${keyId}`;
}

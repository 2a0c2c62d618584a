/** Two routers and one Redis: a limit is one limit, over either way to Redis, and nobody notices Redis being away. */
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPrivateKey } from '../lib/security/jwt.ts';
import { expectJson } from './support/responses.ts';
import { createTestDatabase } from './support/database.ts';
import { fetch } from './support/documented.ts';
import { startRedis, withoutRedis } from './support/redis-server.ts';
import { startRedisRest } from './support/redis-rest-server.ts';
import { type RouterProcess, startRouter } from './support/router-process.ts';

suite('two routers that share a Redis', { skip: withoutRedis }, async () => {
  if (withoutRedis) return;
  const database = await createTestDatabase();
  after(database.drop);
  const redis = await startRedis();
  after(redis.close);
  const endpoint = await startRedisRest(redis.port);
  after(endpoint.close);
  const production = {
    NODE_ENV: 'production',
    RESEND_API_KEY: 're_nobody',
    RESEND_BASE_URL: 'http://127.0.0.1:9',
    MAIL_FROM: 'no-reply@example.com',
    PUBLIC_URL: 'https://api.example.com',
    DATABASE_URL: database.url,
    JWT_PRIVATE_KEYS: JSON.stringify({ keys: [await createPrivateKey('ES256')] }),
    TOKEN_SECRET: 'a secret of this test that is long enough for all',
    TRUSTED_PROXY_HOPS: '1',
    DRAIN_DELAY_MS: '0',
  };
  const ways = {
    'straight to Redis': { REDIS_URL: `redis://127.0.0.1:${redis.port}` },
    'over REST': { UPSTASH_REDIS_REST_URL: endpoint.url, UPSTASH_REDIS_REST_TOKEN: endpoint.token },
  };

  const signIn = ({ url }: RouterProcess, address: string) =>
    fetch(`${url}/v1/auth/login`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Forwarded-For': address },
      body: JSON.stringify({ email: 'nobody@example.com', password: 'not the password' }),
    });

  async function statusOf({ url }: RouterProcess, name: 'health' | 'health/ready' | 'health?fail_on=warn') {
    const response = await fetch(`${url}/${name}`);
    const { status } = (await response.json()) as { status: string };
    return `${response.status} ${status}`;
  }

  /** What health found is kept for a second, so it is asked until it has changed. */
  async function becomes(router: RouterProcess, expected: string): Promise<void> {
    while ((await statusOf(router, 'health')) !== expected);
  }

  /** On a machine that is too busy to hear of Redis within the deadline a router decides alone: then it is tried again. */
  async function decidedByRedis<Result>(
    routers: readonly RouterProcess[],
    work: (attempt: number) => Promise<Result>,
  ): Promise<Result> {
    const countAlone = () =>
      routers.flatMap(({ lines }) => lines).filter((line) => line.includes('without the shared store'))
        .length;
    for (let attempt = 0; ; attempt += 1) {
      for (const router of routers) await becomes(router, '200 pass');
      const before = countAlone();
      const result = await work(attempt);
      if (countAlone() === before) return result;
    }
  }

  for (const [index, [way, env]] of Object.entries(ways).entries()) {
    test(`${way}: exactly ten of fifty pass, whichever router they meet`, async () => {
      const routers = [
        await startRouter({ ...production, ...env }),
        await startRouter({ ...production, ...env }),
      ];
      const answers = await decidedByRedis(routers, (attempt) =>
        Promise.all(
          Array.from({ length: 25 }, () =>
            routers.map((router) => signIn(router, `203.0.${attempt}.${index + 1}`)),
          ).flat(),
        ),
      );
      assert.equal(answers.filter(({ status }) => status === 401).length, 10);
      assert.equal(answers.filter(({ status }) => status === 429).length, 40);
      for (const router of routers) assert.equal(await router.stop(), 0);
    });

    test(`${way}: a pause of 0.3 s lets no more pass than the limit and what was under way`, async () => {
      const routers = [
        await startRouter({ ...production, ...env }),
        await startRouter({ ...production, ...env }),
      ];
      const headers = { 'X-Forwarded-For': `203.0.113.${index + 21}` };
      let passed = 0;
      const ask = async (times: number): Promise<void> => {
        for (let time = 0; time < times; time += 1) {
          const answers = await Promise.all(
            routers.map(({ url }) => fetch(`${url}/.well-known/jwks.json`, { headers })),
          );
          passed += answers.filter(({ status }) => status === 200).length;
        }
      };
      await ask(20);
      redis.hang();
      const pause = sleep(300);
      await ask(100);
      await pause;
      redis.resume();
      for (const router of routers) await becomes(router, '200 pass');
      await ask(100);
      assert.ok(passed >= 100 && passed <= 100 + routers.length, `${passed} of 100`);
      for (const router of routers) assert.equal(await router.stop(), 0);
    });

    test(`${way}: without Redis requests go on, health warns, and all is exact again after`, async () => {
      const router = await startRouter({ ...production, ...env });
      const address = `203.0.113.${index + 11}`;
      await becomes(router, '200 pass');
      await redis.kill();
      const during = await Promise.all(Array.from({ length: 20 }, () => signIn(router, address)));
      assert.equal(during.filter(({ status }) => status === 401).length, 10);
      assert.equal(during.filter(({ status }) => status === 429).length, 10);
      await becomes(router, '200 warn');
      assert.equal(await statusOf(router, 'health/ready'), '200 warn');
      assert.equal(await statusOf(router, 'health?fail_on=warn'), '503 warn');
      // The word that DEPLOYMENT.md gives to monitors: Postgres still passes, and the whole does not.
      const text = await (await fetch(`${router.url}/health`)).text();
      assert.ok(text.includes('"status":"pass"') && !text.includes('{"status":"pass"'), text);
      await redis.start();
      await becomes(router, '200 pass');
      const after = await signIn(router, address);
      assert.equal(after.status, 429, 'what passed meanwhile is counted');
      const [left] = [await signIn(router, '203.0.113.99')].map(({ headers }) => headers.get('ratelimit'));
      assert.match(left ?? '', /"auth";r=9;/);
      assert.equal(await router.stop(), 0);
      const log = router.lines.join('\n');
      assert.match(log, /rate limits are decided without the shared store/);
      assert.match(log, /rate limits are shared again/);
      assert.doesNotMatch(log, /203\.0\.113|a-token-of-the-tests|nobody@/);
      // Of redis-rest, which is not in the document.
      await expectJson(await globalThis.fetch(`${endpoint.url}/health/live`), 200);
    });
  }
});

/** The contract of every endpoint: methods, headers, limits. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { expectProblem } from '../support/responses.ts';
import { startBlockbot } from '../support/blockbot.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { callAlone } from './call-alone.ts';

const bot = await startBlockbot();
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

const rateLimit = /^(?:"[a-z-]+";r=\d+;t=\d+(?:, )?)+$/;
const rateLimitPolicy = /^(?:"[a-z-]+";q=\d+;w=\d+(?:, )?)+$/;

for (const endpoint of endpoints) {
  suite(`${endpoint.method} ${endpoint.path}`, () => {
    const answers = endpoint.method === 'GET' ? ['GET', 'HEAD'] : [endpoint.method];

    for (const method of methods.filter((candidate) => !answers.includes(candidate))) {
      test(`refuses ${method} and says which methods it answers to`, async () => {
        const response = await bot.send(method, endpoint.path, {}, endpoint.app);
        await expectProblem(response, 'method-not-allowed');
        assert.equal(response.headers.get('allow'), answers.join(', '));
      });
    }

    test('tells a request id, its own or the one it got', async () => {
      const made = await callAlone(bot, endpoint);
      assert.match(made.headers.get('x-request-id') ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
      const given = await callAlone(bot, endpoint, { headers: { 'X-Request-Id': 'given-by-the-caller' } });
      assert.equal(given.headers.get('x-request-id'), 'given-by-the-caller');
      for (const bad of ['short', 'a'.repeat(65), 'with spaces in it', '<script>alert(1)</script>']) {
        const replaced = await callAlone(bot, endpoint, { headers: { 'X-Request-Id': bad } });
        assert.notEqual(replaced.headers.get('x-request-id'), bad);
      }
    });

    test('sends the security headers with every answer, and lets only listed origins read it', async () => {
      const response = await callAlone(bot, endpoint, { headers: { Origin: 'https://app.example.com' } });
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
      assert.match(response.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
      assert.match(response.headers.get('strict-transport-security') ?? '', /max-age=31536000/);
      assert.equal(response.headers.get('access-control-allow-origin'), 'https://app.example.com');
      const foreign = await callAlone(bot, endpoint, { headers: { Origin: 'https://evil.example' } });
      assert.equal(foreign.headers.get('access-control-allow-origin'), null);
      assert.match(foreign.headers.get('vary') ?? '', /Origin/);
    });

    if (endpoint.policies.length === 0) {
      test('counts nothing, however often it is asked', async () => {
        for (let i = 0; i < 150; i++) {
          const response = await callAlone(bot, endpoint, { address: '198.51.100.1' });
          assert.equal(response.status, 200);
          assert.equal(response.headers.get('ratelimit'), null);
        }
      });
      return;
    }

    test('tells what is left of its limits, and refuses what is over with 429 and Retry-After', async () => {
      const byAddress = endpoint.policies.filter(
        ({ keyedBy }) => keyedBy === 'address' || keyedBy === 'caller',
      );
      const [policy] = byAddress.toSorted((a, b) => a.limit - b.limit);
      assert.ok(policy);
      const address = '198.51.100.2';
      for (const one of byAddress) await bot.services.rateLimits.reset(one, `address:${address}`);
      const parallel = policy.limit * 2;
      const responses = await Promise.all(
        Array.from({ length: parallel }, () => callAlone(bot, endpoint, { address })),
      );
      for (const response of responses) {
        assert.match(response.headers.get('ratelimit') ?? '', rateLimit);
        assert.match(response.headers.get('ratelimit-policy') ?? '', rateLimitPolicy);
      }
      const refused = responses.filter(({ status }) => status === 429);
      assert.equal(parallel - refused.length, policy.limit);
      for (const response of refused) {
        assert.match(response.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
        const problem = await expectProblem(response, 'quota-exceeded');
        assert.deepEqual(problem['violated-policies'], [policy.name]);
      }
    });
  });
}

test('fifty parallel requests at a limit of ten: exactly ten pass', async () => {
  const body = { email: 'fifty@example.com', password: 'not the password' };
  const request = { body, address: '198.51.100.3' };
  const responses = await Promise.all(
    Array.from({ length: 50 }, () => bot.send('POST', '/v1/auth/login', request)),
  );
  assert.equal(responses.filter(({ status }) => status === 401).length, 10);
  assert.equal(responses.filter(({ status }) => status === 429).length, 40);
});

test('an address that no endpoint has is not found, whatever the method', async () => {
  for (const path of ['/v1', '/v1/unknown', '/v1/me/', '/v1//me', '/V1/ME', '/%2e%2e/etc/passwd']) {
    for (const method of ['GET', 'POST', 'DELETE']) {
      await expectProblem(await bot.send(method, path), 'not-found');
    }
  }
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { call, type Person, register } from './edge-client.ts';
import { docker, withEngine } from './engine.ts';
import { createStack, type Stack, untilHealthy, up, unwatched } from './stack.ts';

const app = 'https://app.blockbot.test';

/** The example of docker-compose.prod.yml, which takes no identity but the gate's. */
describe('a service behind the gate', withEngine, () => {
  let stack: Stack;
  let person: Person;
  let bearer: Readonly<Record<string, string>>;

  before(async () => {
    stack = await createStack({
      ...unwatched,
      GATE_AUDIENCES: 'example',
      CORS_ORIGINS: app,
      COOKIE_ORIGINS: app,
    });
    await up(stack);
    await stack.mustCompose('--profile', 'example', 'up', '-d', '--no-deps', 'example');
    person = await register(1);
    bearer = { Authorization: `Bearer ${person.accessToken}` };
    const end = Date.now() + 20_000;
    while ((await call('/example', { headers: bearer })).status !== 200)
      assert.ok(Date.now() < end, 'the edge finds no example');
  });
  after(() => stack.remove());

  const slugOf = ({ body }: { readonly body: string }) =>
    (JSON.parse(body) as { type: string }).type.replace(/.*\//, '');

  test('is asked by whom the gate knows, whatever identity they bring', async () => {
    const { body, status } = await call('/example/invoices', {
      headers: { ...bearer, 'X-Identity': 'forged' },
    });
    assert.equal(status, 200, body);
    assert.equal((JSON.parse(body) as { role: string }).role, 'owner');
    for (const headers of [{}, { 'X-Identity': person.accessToken }, { 'X-Identity': 'forged' }]) {
      const refused = await call('/example', { headers });
      assert.equal(refused.status, 401);
      assert.equal(slugOf(refused), 'authentication-required');
      assert.match(refused.headers['www-authenticate'] ?? '', /resource_metadata=/);
      assert.match(String(refused.headers['ratelimit']), /"api";r=\d+/);
    }
  });

  test('is changed by no cookie from another site, and read by every own one', async () => {
    const cookie = { Cookie: `__Host-access=${person.accessToken}` };
    assert.equal((await call('/example', { headers: cookie })).status, 200);
    const evil = {
      Origin: 'https://evil.example',
      'Sec-Fetch-Site': 'cross-site',
      'X-Forwarded-Method': 'GET',
    };
    for (const proof of [{}, evil]) {
      const refused = await call('/example', { method: 'POST', body: {}, headers: { ...cookie, ...proof } });
      assert.equal(refused.status, 403);
      assert.equal(slugOf(refused), 'cross-site-request');
    }
    const own = { ...cookie, Origin: app, 'Sec-Fetch-Site': 'same-site' };
    assert.equal((await call('/example', { method: 'POST', body: {}, headers: own })).status, 200);
  });

  test('hears of a preflight as nobody, if its origin is listed', async () => {
    const preflight = { Origin: app, 'Access-Control-Request-Method': 'POST', 'X-Identity': 'forged' };
    const passed = await call('/example', { method: 'OPTIONS', headers: preflight });
    // The service's own refusal, which knows neither problems nor metadata.
    assert.deepEqual([passed.status, passed.headers['www-authenticate'], passed.body], [401, 'Bearer', '']);
    const foreign = { ...preflight, Origin: 'https://evil.example' };
    const refused = await call('/example', { method: 'OPTIONS', headers: foreign });
    assert.equal(slugOf(refused), 'authentication-required');
  });

  test('the gate itself is not for the world', async () => {
    const answer = await call('/v1/gate?audience=example', { headers: bearer });
    assert.deepEqual([answer.status, answer.headers['x-identity']], [404, undefined]);
  });

  test('goes on while Redis is away', async () => {
    const [id = ''] = await stack.containers('redis');
    await docker('kill', id);
    for (let nth = 0; nth < 5; nth += 1)
      assert.equal((await call('/example', { headers: bearer })).status, 200);
    await docker('start', id);
    await untilHealthy(stack);
  });

  test('is asked by nobody while the router is away', async () => {
    const [id = ''] = await stack.containers('router');
    await docker('kill', id);
    const refused = await call('/example', { headers: { ...bearer, 'X-Identity': person.accessToken } });
    assert.deepEqual([refused.status, refused.body], [500, '']);
    await docker('start', id);
    await untilHealthy(stack);
    assert.equal((await call('/example', { headers: bearer })).status, 200);
  });
});

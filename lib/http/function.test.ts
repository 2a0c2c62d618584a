import assert from 'node:assert/strict';
import test from 'node:test';
import { createRouter } from '../../hosts/core/router.ts';
import { createBareServices, origin } from '../../test/support/bare-services.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';
import { anyone } from './caller.ts';
import { createFunction } from './function.ts';
import { guard } from './guard.ts';
import type { FunctionContext } from './services.ts';
import { unlimited } from './unlimited.ts';

const open = guard({ caller: anyone, limits: unlimited });

const thing = createFunction().get('/v1/things/:id', open, (c) => c.json({ id: c.req.param('id') }));
const make = createFunction().post('/v1/things', open, (c) => c.json({ made: true }, 201));

/** A function that fails as it is told. */
function failing(fail: (c: FunctionContext) => unknown) {
  return createFunction().get('/fails', open, (c) => {
    throw fail(c);
  });
}

test('a function answers at its address', async () => {
  const response = await thing.request('/v1/things/7', {}, createBareServices().services);
  assert.deepEqual(await expectJson(response, 200), { id: '7' });
});

test('a function answers 404 at every other address', async () => {
  for (const path of ['/', '/v1/things', '/v1/things/7/parts', '/V1/things/7']) {
    const response = await thing.request(path, {}, createBareServices().services);
    assert.equal(response.headers.has('allow'), false);
    const { type } = await expectProblem(response, 'not-found');
    assert.equal(type, 'https://api.example.com/problems/not-found');
  }
});

test('a function takes a slash at the end for another address, alone and behind the router', async () => {
  const { services } = createBareServices();
  for (const app of [thing, createRouter([thing])]) {
    for (const path of ['/v1/things/7/', '/v1/things/7//', '//v1/things/7', '/v1/things/']) {
      await expectProblem(await app.request(`http://localhost${path}`, {}, services), 'not-found');
      const put = await app.request(`http://localhost${path}`, { method: 'PUT' }, services);
      await expectProblem(put, 'not-found');
    }
    const queried = await app.request('/v1/things/7?next=/', {}, services);
    assert.deepEqual(await expectJson(queried, 200), { id: '7' });
  }
  const root = createFunction().get('/', open, (c) => c.text('root'));
  assert.equal((await root.request('/', {}, services)).status, 200);
});

test('a function answers 405 to another method and lists its own', async () => {
  const { services } = createBareServices();
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
    const response = await thing.request('/v1/things/7', { method }, services);
    assert.equal(response.headers.get('allow'), 'GET, HEAD', method);
    await expectProblem(response, 'method-not-allowed');
  }
  for (const method of ['GET', 'DELETE']) {
    const response = await make.request('/v1/things', { method }, services);
    assert.equal(response.headers.get('allow'), 'POST', method);
    await expectProblem(response, 'method-not-allowed');
  }
  const response = await make.request('/v1/things', { method: 'HEAD' }, services);
  assert.equal(response.headers.get('allow'), 'POST');
  await expectEmpty(response, 405);
});

test('functions behind one router list the methods of all that share an address', async () => {
  const remove = createFunction().delete('/v1/things/:key', open, (c) => c.body(null, 204));
  const router = createRouter([thing, make, remove]);
  const response = await router.request('/v1/things/7', { method: 'PUT' }, createBareServices().services);
  assert.equal(response.headers.get('allow'), 'GET, HEAD, DELETE');
  await expectProblem(response, 'method-not-allowed');
  await expectEmpty(
    await router.request('/v1/things/7', { method: 'DELETE' }, createBareServices().services),
    204,
  );
});

test('a function answers HEAD as GET, without the body', async () => {
  const { services } = createBareServices();
  const headers = { 'X-Request-Id': 'request-of-a-test' };
  const get = await thing.request('/v1/things/7', { headers }, services);
  const head = await thing.request('/v1/things/7', { method: 'HEAD', headers }, services);
  assert.deepEqual(Object.fromEntries(head.headers), Object.fromEntries(get.headers));
  await expectEmpty(head, 200);
});

const secured = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};

test('every answer carries the security headers', async () => {
  const { services } = createBareServices();
  const preflight = { Origin: origin, 'Access-Control-Request-Method': 'GET' };
  const answers = {
    'an answer': thing.request('/v1/things/7', {}, services),
    'a 404': thing.request('/nowhere', {}, services),
    'a 405': thing.request('/v1/things/7', { method: 'PUT' }, services),
    'a 500': failing(() => new Error()).request('/fails', {}, services),
    'a preflight': thing.request('/v1/things/7', { method: 'OPTIONS', headers: preflight }, services),
    HEAD: thing.request('/v1/things/7', { method: 'HEAD' }, services),
  };
  for (const [what, answer] of Object.entries(answers)) {
    const headers = Object.fromEntries((await answer).headers);
    for (const [name, value] of Object.entries(secured))
      assert.equal(headers[name], value, `${what}: ${name}`);
    assert.ok(headers['x-request-id'], what);
    assert.equal(headers['vary'], 'Origin', what);
  }
});

test('a function may say more exactly what its answer allows', async () => {
  const own = { 'Cache-Control': 'public, max-age=300', 'Content-Security-Policy': "script-src 'self'" };
  const app = createFunction().get('/page', open, (c) => c.html('<p>', 200, own));
  const { headers } = await app.request('/page', {}, createBareServices().services);
  assert.equal(headers.get('cache-control'), own['Cache-Control']);
  assert.equal(headers.get('content-security-policy'), own['Content-Security-Policy']);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
});

test('a function asks for HTTPS only where it is served by it', async () => {
  const { services } = createBareServices('http://localhost:3000');
  const { headers } = await thing.request('/v1/things/7', {}, services);
  assert.equal(headers.has('strict-transport-security'), false);
});

test('a function may hand on an answer whose headers can’t be changed', async () => {
  const app = createFunction().get('/elsewhere', open, () => Response.redirect('https://example.com/', 303));
  const response = await app.request('/elsewhere', {}, createBareServices().services);
  assert.equal(response.headers.get('location'), 'https://example.com/');
  assert.ok(response.headers.has('x-request-id'));
  await expectEmpty(response, 303);
});

test('a function gives back a good request id and makes one in place of a bad one', async () => {
  const { services } = createBareServices();
  const ask = async (id: string) =>
    (await thing.request('/v1/things/7', { headers: { 'X-Request-Id': id } }, services)).headers.get(
      'x-request-id',
    );
  assert.equal(await ask('request-of-a-test'), 'request-of-a-test');
  assert.match((await ask('<script>')) ?? '', /^[\da-f-]{36}$/);
  assert.notEqual(await ask(''), await ask(''));
});

test('a function answers a preflight with the methods of its path, and lets a listed origin read', async () => {
  const { services } = createBareServices();
  const ask = (from: string, path = '/v1/things/7') =>
    thing.request(
      path,
      { method: 'OPTIONS', headers: { Origin: from, 'Access-Control-Request-Method': 'GET' } },
      services,
    );
  const allowed = await ask(origin);
  assert.equal(allowed.headers.get('access-control-allow-methods'), 'GET, HEAD');
  assert.equal(allowed.headers.get('access-control-allow-origin'), origin);
  await expectEmpty(allowed, 204);
  const foreign = await ask('https://evil.example');
  assert.equal(foreign.headers.has('access-control-allow-origin'), false);
  await expectProblem(foreign, 'method-not-allowed');
  await expectProblem(await ask(origin, '/nowhere'), 'not-found');
});

test('a page of a listed origin may read problems too', async () => {
  const { services } = createBareServices();
  const response = await thing.request('/nowhere', { headers: { Origin: origin } }, services);
  assert.equal(response.headers.get('access-control-allow-origin'), origin);
  await expectProblem(response, 'not-found');
});

test('a function logs each answer once, by its endpoint and never by the address', async () => {
  const { services, lines } = createBareServices();
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const headers = { 'X-Request-Id': 'request-of-a-test', traceparent: `00-${trace}-b7ad6b7169203331-01` };
  await thing.request('/v1/things/secret-id?token=secret', { headers }, services);
  await thing.request('/secret-path', { headers }, services);
  assert.doesNotMatch(JSON.stringify(lines), /secret/);
  const told = lines.map(({ time, duration_ms, ...rest }) => {
    assert.match(String(time), /Z$/);
    assert.ok(Number(duration_ms) >= 0);
    return rest;
  });
  const common = {
    level: 'info',
    message: 'response sent',
    request_id: 'request-of-a-test',
    trace_id: trace,
  };
  assert.deepEqual(told, [
    { ...common, method: 'GET', 'http.route': '/v1/things/:id', status: 200 },
    { ...common, method: 'GET', 'http.route': 'none', status: 404 },
  ]);
});

test('a function logs the answers about health for those who look closely only', async () => {
  const { services, lines } = createBareServices();
  const well = createFunction().get('/health/live', open, (c) => c.json({ status: 'pass' }));
  const ill = createFunction().get('/health/ready', open, (c) => c.json({ status: 'fail' }, 503));
  await well.request('/health/live', {}, services);
  await ill.request('/health/ready', {}, services);
  assert.deepEqual(
    lines.map(({ level }) => level),
    ['debug', 'warn'],
  );
});

test('a function that needs no services may be given none', async () => {
  assert.deepEqual(await expectJson(await thing.request('/v1/things/7'), 200), { id: '7' });
  const response = await thing.fetch(new Request('http://localhost/nowhere'));
  assert.equal((await expectProblem(response, 'not-found')).type, '/problems/not-found');
  await expectProblem(await failing(() => new Error()).request('/fails'), 'internal-error');
});

import assert from 'node:assert/strict';
import test from 'node:test';
import { HTTPException } from 'hono/http-exception';
import { createRouter } from '../../hosts/core/router.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';
import { anyone } from './caller.ts';
import { createFunction } from './function.ts';
import { guard } from './guard.ts';
import { createLog } from '../core/log.ts';
import { Problem } from '../core/problem.ts';
import type { FunctionContext, Services } from './services.ts';
import { unlimited } from './unlimited.ts';

const origin = 'https://app.example.com';
const open = guard({ caller: anyone, limits: unlimited });

/** The services that the factory itself uses, and the lines they wrote. */
function createServices(publicUrl = 'https://api.example.com') {
  const lines: Record<string, unknown>[] = [];
  const services: Pick<Services, 'settings' | 'log'> = {
    settings: {
      publicUrl,
      trustedProxies: { hops: 0 },
      corsOrigins: new Set([origin]),
      requireEmailVerification: false,
      signUpOpen: true,
      redirectOrigins: new Set(),
      cronSecret: undefined,
      backendToken: undefined,
      healthToken: undefined,
    },
    log: createLog({
      level: 'debug',
      write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
    }),
  };
  return { services, lines };
}

const thing = createFunction().get('/v1/things/:id', open, (c) => c.json({ id: c.req.param('id') }));
const make = createFunction().post('/v1/things', open, (c) => c.json({ made: true }, 201));

/** A function that fails as it is told. */
function failing(fail: (c: FunctionContext) => unknown) {
  return createFunction().get('/fails', open, (c) => {
    throw fail(c);
  });
}

test('a function answers at its address', async () => {
  const response = await thing.request('/v1/things/7', {}, createServices().services);
  assert.deepEqual(await expectJson(response, 200), { id: '7' });
});

test('a function answers 404 at every other address', async () => {
  for (const path of ['/', '/v1/things', '/v1/things/7/parts', '/V1/things/7']) {
    const response = await thing.request(path, {}, createServices().services);
    assert.equal(response.headers.has('allow'), false);
    const { type } = await expectProblem(response, 'not-found');
    assert.equal(type, 'https://api.example.com/problems/not-found');
  }
});

test('a function takes a slash at the end for another address, alone and behind the router', async () => {
  const { services } = createServices();
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
  const { services } = createServices();
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
  const response = await router.request('/v1/things/7', { method: 'PUT' }, createServices().services);
  assert.equal(response.headers.get('allow'), 'GET, HEAD, DELETE');
  await expectProblem(response, 'method-not-allowed');
  await expectEmpty(
    await router.request('/v1/things/7', { method: 'DELETE' }, createServices().services),
    204,
  );
});

test('a function answers HEAD as GET, without the body', async () => {
  const { services } = createServices();
  const headers = { 'X-Request-Id': 'request-of-a-test' };
  const get = await thing.request('/v1/things/7', { headers }, services);
  const head = await thing.request('/v1/things/7', { method: 'HEAD', headers }, services);
  assert.deepEqual(Object.fromEntries(head.headers), Object.fromEntries(get.headers));
  await expectEmpty(head, 200);
});

test('a function answers a thrown problem with its members and headers', async () => {
  const detail = 'The other one is yours';
  const response = await failing(
    () => new Problem('overloaded', { detail }, { headers: { 'Retry-After': '7' } }),
  ).request('/fails', {}, createServices().services);
  assert.equal(response.headers.get('retry-after'), '7');
  assert.equal((await expectProblem(response, 'overloaded')).detail, detail);
});

test('a function answers a problem of another bundle, which has a class of its own', async () => {
  const brand = Symbol.for('blockbot.problem');
  const elsewhere = Object.assign(new Error(), {
    [brand]: true,
    slug: 'email-taken',
    members: {},
    headers: {},
  });
  const response = await failing(() => elsewhere).request('/fails', {}, createServices().services);
  await expectProblem(response, 'email-taken');
});

test('a function answers what Hono refuses by its status, as the kind of problem that says no more than that', async () => {
  const kinds = [
    [400, 'malformed-request'],
    [401, 'authentication-required'],
    [404, 'not-found'],
    [413, 'content-too-large'],
    [415, 'unsupported-media-type'],
    [422, 'invalid-input'],
    [429, 'quota-exceeded'],
    [503, 'service-unavailable'],
    [500, 'internal-error'],
  ] as const;
  for (const [status, slug] of kinds) {
    const { services } = createServices();
    const app = failing(() => new HTTPException(status, { message: 'canary' }));
    const text = JSON.stringify(await expectProblem(await app.request('/fails', {}, services), slug));
    assert.doesNotMatch(text, /canary/);
  }
});

test('a function keeps the status of what Hono refuses where no kind of problem is meant by it', async () => {
  for (const status of [403, 406, 408, 409, 410, 418, 451, 501, 504] as const) {
    const { services, lines } = createServices();
    const app = failing(() => new HTTPException(status, { message: 'canary' }));
    const response = await app.request('/fails', {}, services);
    const document = await expectJson<Record<string, unknown>>(response, status);
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
    assert.deepEqual([document['type'], document['status']], ['about:blank', status]);
    assert.equal(document['request_id'], response.headers.get('x-request-id'));
    assert.doesNotMatch(JSON.stringify(document), /canary/);
    assert.ok(
      lines.every(({ level }) => level !== 'error'),
      'a refusal is no bug',
    );
  }
});

const bugs: readonly (readonly [what: string, thrown: unknown])[] = [
  ['an error', new Error('canary')],
  ['an error of a driver', Object.assign(new Error('canary'), { code: '23505', status: 400 })],
  ['an error with a cause', new TypeError('canary', { cause: new Error('canary') })],
  ['what only looks like a problem', Object.assign(new Error('canary'), { slug: 'not-found' })],
  ['a 500 of Hono', new HTTPException(500, { message: 'canary' })],
  ['a text', 'canary'],
  ['an object', { message: 'canary' }],
  ['null', null],
  ['undefined', undefined],
  [
    'a problem that only another version knows',
    Object.assign(new Error('canary'), {
      [Symbol.for('blockbot.problem')]: true,
      slug: 'canary',
      members: {},
      headers: {},
    }),
  ],
];

test('a function answers whatever else is thrown with a bare 500, and tells its log why', async () => {
  for (const [what, thrown] of bugs) {
    const { services, lines } = createServices();
    const response = await failing(() => thrown).request('/fails', {}, services);
    assert.doesNotMatch(JSON.stringify([...response.headers]), /canary/, what);
    assert.ok(response.headers.has('content-security-policy'), what);
    const document = await expectProblem(response, 'internal-error');
    assert.deepEqual(Object.keys(document), ['type', 'title', 'status', 'request_id'], what);
    const [failed, answered] = lines;
    assert.equal(failed?.['level'], 'error', what);
    assert.equal(failed['request_id'], document.request_id, what);
    if (typeof thrown === 'string' || thrown instanceof Error)
      assert.match(String(failed['cause']), /canary/, what);
    assert.deepEqual([answered?.['level'], answered?.['status']], ['warn', 500], what);
  }
});

test('a function answers 500 when its handler answers nothing', async () => {
  const app = createFunction().get('/nothing', open, (() => undefined) as never);
  await expectProblem(await app.request('/nothing', {}, createServices().services), 'internal-error');
});

test('a function keeps the headers that were set before it failed', async () => {
  const app = failing((c) => {
    c.header('RateLimit', '"api";r=3;t=60');
    return new Error('late');
  });
  const response = await app.request('/fails', {}, createServices().services);
  assert.equal(response.headers.get('ratelimit'), '"api";r=3;t=60');
  await expectProblem(response, 'internal-error');
});

const secured = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};

test('every answer carries the security headers', async () => {
  const { services } = createServices();
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
  const { headers } = await app.request('/page', {}, createServices().services);
  assert.equal(headers.get('cache-control'), own['Cache-Control']);
  assert.equal(headers.get('content-security-policy'), own['Content-Security-Policy']);
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
});

test('a function asks for HTTPS only where it is served by it', async () => {
  const { services } = createServices('http://localhost:3000');
  const { headers } = await thing.request('/v1/things/7', {}, services);
  assert.equal(headers.has('strict-transport-security'), false);
});

test('a function may hand on an answer whose headers can’t be changed', async () => {
  const app = createFunction().get('/elsewhere', open, () => Response.redirect('https://example.com/', 303));
  const response = await app.request('/elsewhere', {}, createServices().services);
  assert.equal(response.headers.get('location'), 'https://example.com/');
  assert.ok(response.headers.has('x-request-id'));
  await expectEmpty(response, 303);
});

test('a function gives back a good request id and makes one in place of a bad one', async () => {
  const { services } = createServices();
  const ask = async (id: string) =>
    (await thing.request('/v1/things/7', { headers: { 'X-Request-Id': id } }, services)).headers.get(
      'x-request-id',
    );
  assert.equal(await ask('request-of-a-test'), 'request-of-a-test');
  assert.match((await ask('<script>')) ?? '', /^[\da-f-]{36}$/);
  assert.notEqual(await ask(''), await ask(''));
});

test('a function answers a preflight with the methods of its path, and lets a listed origin read', async () => {
  const { services } = createServices();
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
  const { services } = createServices();
  const response = await thing.request('/nowhere', { headers: { Origin: origin } }, services);
  assert.equal(response.headers.get('access-control-allow-origin'), origin);
  await expectProblem(response, 'not-found');
});

test('a function logs each answer once, by its endpoint and never by the address', async () => {
  const { services, lines } = createServices();
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
  const { services, lines } = createServices();
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

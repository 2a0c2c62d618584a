import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HTTPException } from 'hono/http-exception';
import { createRouter } from '../../hosts/core/router.ts';
import { createBareServices } from '../../test/support/bare-services.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';
import { Problem } from '../core/problem.ts';
import { anyone } from './caller.ts';
import { createFunction } from './function.ts';
import { guard } from './guard.ts';
import type { FunctionContext } from './services.ts';
import { unlimited } from './unlimited.ts';

const open = guard({ caller: anyone, limits: unlimited });

/** A function that fails as it is told. */
function failing(fail: (c: FunctionContext) => unknown) {
  return createFunction().get('/fails', open, (c) => {
    throw fail(c);
  });
}

test('a function answers a thrown problem with its members and headers', async () => {
  const detail = 'The other one is yours';
  const response = await failing(
    () => new Problem('overloaded', { detail }, { headers: { 'Retry-After': '7' } }),
  ).request('/fails', {}, createBareServices().services);
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
  const response = await failing(() => elsewhere).request('/fails', {}, createBareServices().services);
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
    const { services } = createBareServices();
    const app = failing(() => new HTTPException(status, { message: 'canary' }));
    const text = JSON.stringify(await expectProblem(await app.request('/fails', {}, services), slug));
    assert.doesNotMatch(text, /canary/);
  }
});

test('a function keeps the status of what Hono refuses where no kind of problem is meant by it', async () => {
  for (const status of [403, 406, 408, 409, 410, 418, 451, 501, 504] as const) {
    const { services, lines } = createBareServices();
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
    const alone = failing(() => thrown);
    for (const app of [alone, createRouter([alone])]) {
      const { services, lines } = createBareServices();
      const response = await app.request('/fails', {}, services);
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
  }
});

test('a function answers 500 when its handler answers nothing', async () => {
  const alone = createFunction().get('/nothing', open, (() => undefined) as never);
  for (const app of [alone, createRouter([alone])])
    await expectProblem(await app.request('/nothing', {}, createBareServices().services), 'internal-error');
});

test('a function keeps the headers that were set before it failed', async () => {
  const alone = failing((c) => {
    c.header('RateLimit', '"api";r=3;t=60');
    return new Error('late');
  });
  for (const app of [alone, createRouter([alone])]) {
    const response = await app.request('/fails', {}, createBareServices().services);
    assert.equal(response.headers.get('ratelimit'), '"api";r=3;t=60');
    await expectProblem(response, 'internal-error');
  }
});

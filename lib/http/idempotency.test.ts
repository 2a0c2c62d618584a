/** Requests under an idempotency key, at a product's route. Long because each thing that may happen to one has a case of its own. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { createRestRedis } from '../rate-limit/rest-redis.ts';
import { timeout } from 'hono/timeout';
import * as z from 'zod/mini';
import { Outage } from '../../db/outage.ts';
import { createRouter } from '../../hosts/core/router.ts';
import { startRedis, withoutRedis } from '../../test/support/redis-server.ts';
import { startRestProcess } from '../../test/support/redis-rest-server.ts';
import { expectEmpty, expectJson, expectProblem } from '../../test/support/responses.ts';
import { bareSettings } from '../../test/support/settings.ts';
import { createKeyring } from '../core/keyring.ts';
import { createLog } from '../core/log.ts';
import { Problem } from '../core/problem.ts';
import { createMemoryIdempotency } from '../idempotency/memory-store.ts';
import { createRedisIdempotency } from '../idempotency/redis-store.ts';
import type { IdempotencyStore } from '../idempotency/store.ts';
import { createMemoryStore } from '../rate-limit/memory-store.ts';
import { api } from '../rate-limit/policies.ts';
import { user } from './caller.ts';
import { createFunction, type FunctionApp, servicesOf } from './function.ts';
import { guard } from './guard.ts';
import { idempotent } from './idempotency.ts';
import { json } from './json-body.ts';
import { limit } from './limit.ts';

const Payment = z.strictObject({ cents: z.int(), note: z.optional(z.string()) });
type Answer = (run: number) => Response | Promise<Response>;

/** A route that counts how often it was carried out, and answers as it is told. */
function openShop({
  idempotency = createMemoryIdempotency(),
  answer = (run) => Response.json({ payment: run }, { status: 201 }),
}: { idempotency?: IdempotencyStore; answer?: Answer } = {}) {
  const shop = { runs: 0, answer, lines: [] as string[] };
  const services = {
    settings: bareSettings,
    log: createLog({ write: (line) => shop.lines.push(line) }),
    rateLimits: createMemoryStore(),
    idempotency,
    keys: {
      recall: () => undefined,
      verify: (token: string) => {
        const [sub = '', org = ''] = token.split('.');
        return { sub, org, sid: 'session-1', role: 'member', auth_time: 0, amr: [], as_of: 0 };
      },
    },
    peerAddress: '192.0.2.1',
  };
  const own = createFunction().post(
    '/payments/:kind',
    guard({ caller: user, limits: limit(api), body: json(Payment), idempotency: idempotent }),
    () => shop.answer(++shop.runs),
  );
  const pay = ({
    app = own as FunctionApp,
    key = '"k"',
    token = 'ada.acme',
    body = '{"cents":1}',
    path = '/payments/card',
  } = {}) =>
    Promise.resolve(
      app.request(
        path,
        {
          method: 'POST',
          headers: {
            'Content-Type': 'application/json',
            Authorization: `Bearer ${token}`,
            ...(key !== '' && { 'Idempotency-Key': key }),
          },
          body,
        },
        services,
      ),
    );
  return { shop, app: own, pay };
}

test('idempotent: a repeated request is answered as the first was, and carried out once', async () => {
  const { shop, pay, app } = openShop({
    answer: () =>
      new Response('{"payment":"\u00e4\u{1F600}"}', {
        status: 201,
        headers: {
          'Content-Type': 'application/json',
          Location: '/payments/1',
          'Set-Cookie': 'a=1',
          'X-Own': 'b',
        },
      }),
  });
  assert.deepEqual([...servicesOf(app)], ['keys', 'idempotency']);
  const first = await pay();
  assert.equal(first.headers.get('set-cookie'), 'a=1');
  const again = await pay({ body: '{ "cents": 1 }' });
  assert.equal(again.headers.get('location'), '/payments/1');
  assert.equal(again.headers.get('x-own'), 'b');
  assert.equal(again.headers.get('set-cookie'), null, 'of whoever was there first');
  assert.match(again.headers.get('ratelimit') ?? '', /r=98;/, 'its own, and it counts');
  assert.notEqual(again.headers.get('x-request-id'), first.headers.get('x-request-id'));
  assert.deepEqual(await expectJson(again, 201), { payment: '\u00e4\u{1F600}' });
  assert.equal(shop.runs, 1);
});

test('idempotent: an answer without a body is repeated without one', async () => {
  const { pay } = openShop({ answer: () => new Response(null, { status: 204 }) });
  await expectEmpty(await pay(), 204);
  await expectEmpty(await pay(), 204);
});

test('idempotent: a key is of one caller in one organization, and of one address', async () => {
  const { shop, pay } = openShop();
  for (const other of [
    {},
    { token: 'bob.acme' },
    { token: 'ada.other' },
    { path: '/payments/card?x=1' },
    { path: '/payments/debit' },
    { key: '"K"' },
  ])
    await expectJson(await pay(other), 201);
  assert.equal(shop.runs, 6);
});

test('idempotent: another body under the same key is refused, and nothing is done', async () => {
  const { shop, pay } = openShop();
  await pay();
  await expectProblem(await pay({ body: '{"cents":2}' }), 'idempotency-key-reused');
  await expectProblem(await pay({ body: '{"cents":1,"note":"more"}' }), 'idempotency-key-reused');
  assert.equal(shop.runs, 1);
});

test('idempotent: while the first runs, whoever repeats it is told to come again', async () => {
  const gate = new EventEmitter();
  const { shop, pay } = openShop({
    answer: async () => {
      await once(gate, 'open');
      return Response.json({ payment: 1 }, { status: 201 });
    },
  });
  const first = pay();
  const refused = await pay();
  assert.equal(refused.headers.get('retry-after'), '1');
  await expectProblem(refused, 'idempotency-key-in-use');
  await expectProblem(await pay({ body: '{"cents":2}' }), 'idempotency-key-reused');
  gate.emit('open');
  await expectJson(await first, 201);
  await expectJson(await pay(), 201);
  assert.equal(shop.runs, 1);
});

for (const key of [
  '',
  'k',
  '""',
  '"k',
  '"k";a=1',
  '"\u00e4"',
  '"a\\b"',
  '"a", "b"',
  `"${'k'.repeat(256)}"`,
]) {
  test(`idempotent: without a key that is a text in quotes nothing is done: ${key.slice(0, 12)}`, async () => {
    const { shop, pay } = openShop();
    const { detail } = await expectProblem(await pay({ key }), 'idempotency-key-required');
    assert.match(detail ?? '', key === '' ? /`Idempotency-Key` is missing/ : /`Idempotency-Key` is a text/);
    assert.equal(shop.runs, 0);
  });
}

test('idempotent: what the guard refuses uses up no key', async () => {
  const { shop, pay } = openShop();
  await expectProblem(await pay({ body: '{}' }), 'invalid-input');
  await expectJson(await pay(), 201);
  assert.equal(shop.runs, 1);
});

const hung = (mayBeDone: boolean) => new Outage('CONNECTION_HUNG', 'Postgres did not answer', {}, mayBeDone);
const results = [
  ['an error on purpose', () => Promise.reject(new Problem('slug-taken')), 409, 1],
  ['a bug, of which nobody knows what was done before it', () => Promise.reject(new Error('bug')), 500, 1],
  ['an outage that nothing was done in', () => Promise.reject(hung(false)), 503, 2],
  ['an outage in which it may have been done', () => Promise.reject(hung(true)), 503, 1],
  ['what is refused for now', () => Promise.reject(new Problem('service-unavailable')), 503, 2],
  ['what is too much at once', () => Promise.reject(new Problem('overloaded')), 503, 2],
  ['the failure of somebody who was asked', () => new Response(null, { status: 503 }), 503, 1],
  [
    'an answer of somebody who was asked that makes no sense',
    () => new Response(null, { status: 502 }),
    502,
    1,
  ],
  ['too many requests', () => Promise.reject(new Problem('quota-exceeded')), 429, 2],
  ['a sign-in that is too old', () => Promise.reject(new Problem('reauthentication-required')), 401, 2],
] as const;
for (const [what, answer, status, runs] of results) {
  test(`idempotent: ${what} is ${runs === 1 ? 'a result, and repeated' : 'none, and tried again'}`, async () => {
    for (const host of [(app: FunctionApp) => app, (app: FunctionApp) => createRouter([app])]) {
      const { shop, app: alone, pay } = openShop({ answer });
      const app = host(alone);
      assert.deepEqual([(await pay({ app })).status, (await pay({ app })).status], [status, status]);
      assert.equal(shop.runs, runs);
    }
  });
}

test('idempotent: what goes on behind the 504 of a time limit is not begun anew', async () => {
  const shop = openShop();
  const gate = new EventEmitter();
  let runs = 0;
  const app = createFunction().post(
    '/payments',
    guard({ caller: user, limits: limit(api), body: json(Payment), idempotency: idempotent }),
    timeout(1),
    async (c) => {
      runs += 1;
      await once(gate, 'open');
      return c.body(null, 204);
    },
  );
  assert.equal((await shop.pay({ app, path: '/payments' })).status, 504);
  assert.equal((await shop.pay({ app, path: '/payments' })).status, 504);
  gate.emit('open');
  assert.equal((await shop.pay({ app, path: '/payments' })).status, 504);
  assert.equal(runs, 1);
});

test('idempotent: an answer of more than 64 kB is told once, and never carried out again', async () => {
  const { shop, pay } = openShop({ answer: () => new Response('x'.repeat(65_537)) });
  assert.equal((await (await pay()).text()).length, 65_537);
  await expectProblem(await pay(), 'idempotency-key-spent');
  shop.answer = () => new Response('x'.repeat(65_536));
  await pay({ key: '"other"' });
  assert.equal((await (await pay({ key: '"other"' })).text()).length, 65_536);
  assert.equal(shop.runs, 2);
});

test(
  'idempotent: nothing is done while nobody can tell what has been done',
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis();
    t.after(redis.close);
    const rest = await startRestProcess(redis.port);
    t.after(rest.close);
    const keyring = createKeyring(['a secret of this test']);
    const { shop, pay } = openShop({
      idempotency: createRedisIdempotency({
        redis: createRestRedis({ ...rest, deadlineMs: 5000 }),
        keyring,
      }),
    });
    await redis.kill();
    const refused = await pay();
    assert.equal(refused.headers.get('retry-after'), '1');
    await expectProblem(refused, 'service-unavailable');
    assert.equal(shop.runs, 0);
    assert.match(
      shop.lines.join('\n'),
      /an idempotency key could not be looked up".*"reason":"[^"]*Redis is away/,
    );
    await redis.start();
    let answer = await pay();
    while (answer.status === 503) answer = await pay();
    await expectJson(answer, 201);
    shop.answer = async () => {
      await redis.kill();
      return Response.json({}, { status: 201 });
    };
    await expectJson(await pay({ key: '"next"' }), 201);
    assert.match(shop.lines.join('\n'), /the answer to an idempotency key was not kept/);
    assert.doesNotMatch(shop.lines.join('\n'), /"next"|cents/);
  },
);

test(
  'idempotent: of fifty at once in two processes one is carried out, and all get its answer',
  { skip: withoutRedis },
  async (t) => {
    const redis = await startRedis();
    t.after(redis.close);
    const rest = await startRestProcess(redis.port);
    t.after(rest.close);
    const file = fileURLToPath(new URL('../../test/support/parallel-payments.ts', import.meta.url));
    const children = [0, 1].map(() =>
      spawn(process.execPath, ['--import', 'tsx', file, rest.url, rest.token, '25'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
    const lines = children.map(({ stdout }) => createInterface(stdout)[Symbol.asyncIterator]());
    for (const line of lines) assert.equal((await line.next()).value, 'ready');
    for (const { stdin } of children) stdin.end('go\n');
    const told = await Promise.all(
      lines.map(
        async (line) => JSON.parse(String((await line.next()).value)) as { runs: number; answers: string[] },
      ),
    );
    assert.equal(
      told.reduce((sum, { runs }) => sum + runs, 0),
      1,
    );
    const answers = told.flatMap((each) => each.answers);
    assert.equal(answers.length, 50);
    assert.deepEqual(
      [...new Set(answers)].map((each) => each.replace(/\d+-1/, 'id')),
      ['201 {"payment":"id"}'],
    );
  },
);

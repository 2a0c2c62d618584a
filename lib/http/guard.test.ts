/** The guard. Long because each of its rules has a case that needs a function of its own. */
import assert from 'node:assert/strict';
import test from 'node:test';
import type { MiddlewareHandler } from 'hono';
import * as z from 'zod/mini';
import { createRouter } from '../../hosts/core/router.ts';
import { expectJson, expectProblem } from '../../test/support/responses.ts';
import { anyone, anyoneOrUser, user } from './caller.ts';
import { createFunction } from './function.ts';
import { type CallerRule, guard, rulesOf } from './guard.ts';
import { json } from './json-body.ts';
import { Problem } from '../core/problem.ts';
import { limit } from './limit.ts';
import { limitByDevice } from './limit-by-device.ts';
import { createMemoryStore } from '../rate-limit/memory-store.ts';
import { type Check, isRevocationCheck, type Policy } from '../rate-limit/store.ts';
import type { Services } from './services.ts';
import { unlimited } from './unlimited.ts';
import { bareSettings } from '../../test/support/settings.ts';
import { createSignal } from '../../test/support/signal.ts';

const twice = {
  name: 'twice',
  limit: 2,
  windowMs: 60_000,
  keyedBy: 'address',
  onStoreFailure: 'local',
} as const satisfies Policy;
const byCaller = { ...twice, name: 'by-caller', keyedBy: 'caller' } as const;
const byAccount = { ...twice, name: 'by-account', keyedBy: 'account', limit: 5 } as const;
const Input = z.strictObject({ email: z.string() });

const claims = { sub: 'user-1', sid: 'session-1', auth_time: 0, amr: [], as_of: 0 };

/** Real limits, one good token, and everything that was charged. */
function createServices() {
  const charged: (readonly Check[])[] = [];
  const store = createMemoryStore();
  const services: Pick<Services, 'settings' | 'rateLimits' | 'keys' | 'peerAddress'> = {
    settings: bareSettings,
    rateLimits: {
      ...store,
      take: (checks) => {
        charged.push(checks.filter((check): check is Check => !isRevocationCheck(check)));
        return store.take(checks);
      },
    },
    keys: {
      sign: () => Promise.reject(new Error('not here')),
      signForClient: () => Promise.reject(new Error('not here')),
      signIdentity: () => Promise.reject(new Error('not here')),
      publicKeySet: { keys: [] },
      recall: () => undefined,
      verify: (token) => {
        if (token === 'good') return claims;
        throw new Problem('access-token-invalid');
      },
    },
    peerAddress: '192.0.2.1',
  };
  return { services, charged };
}

const endpoint = createFunction().post(
  '/path',
  guard({ caller: user, limits: limit(twice), body: json(Input) }),
  (c) => c.json({ caller: c.var.request.caller, input: c.var.input }),
);

interface Attempt {
  readonly token?: string;
  readonly body?: string;
}

function callAlone(
  app: typeof endpoint,
  services: object,
  { token = 'good', body = '{"email":"ada@example.com"}' }: Attempt = {},
) {
  const headers = {
    'Content-Type': 'application/json',
    ...(token !== '' && { Authorization: `Bearer ${token}` }),
  };
  return Promise.resolve(app.request('/path', { method: 'POST', headers, body }, services));
}

test('guard hands the caller and the input to the handler', async () => {
  const { services, charged } = createServices();
  assert.deepEqual(await expectJson(await callAlone(endpoint, services), 200), {
    caller: { kind: 'user', userId: 'user-1', sessionId: 'session-1', amr: [], authTime: 0, asOf: 0 },
    input: { email: 'ada@example.com' },
  });
  assert.equal(charged.length, 1, 'one round trip');
});

test('guard tells what is left on every answer of a limited endpoint', async () => {
  for (const attempt of [{}, { token: '' }, { token: 'bad' }, { body: '{' }, { body: '{}' }]) {
    const { headers } = await callAlone(endpoint, createServices().services, attempt);
    assert.equal(headers.get('ratelimit-policy'), '"twice";q=2;w=60', JSON.stringify(attempt));
    assert.match(headers.get('ratelimit') ?? '', /^"twice";r=1;t=60$/, JSON.stringify(attempt));
  }
});

const refusals = [
  ['no credential', { token: '' }, 'authentication-required'],
  ['a bad credential', { token: 'bad' }, 'access-token-invalid'],
  ['a malformed body', { body: '{' }, 'malformed-request'],
  ['a body of another form', { body: '{}' }, 'invalid-input'],
] as const;

test('guard charges a bad credential and a bad body like everything else, and in the end tells that first', async () => {
  for (const [what, attempt, slug] of refusals) {
    const { services, charged } = createServices();
    await expectProblem(await callAlone(endpoint, services, attempt), slug);
    await expectProblem(await callAlone(endpoint, services, attempt), slug);
    const refused = await callAlone(endpoint, services, attempt);
    assert.equal(refused.headers.get('retry-after'), '60', what);
    assert.deepEqual((await expectProblem(refused, 'quota-exceeded'))['violated-policies'], ['twice']);
    await expectProblem(await callAlone(endpoint, services), 'quota-exceeded');
    assert.equal(charged.length, 4, what);
  }
});

test('guard tells of the credential before it tells of the body', async () => {
  const { services } = createServices();
  await expectProblem(
    await callAlone(endpoint, services, { token: 'bad', body: '{' }),
    'access-token-invalid',
  );
});

test('guard runs no handler of a refused request', async () => {
  for (const [what, attempt] of refusals) {
    const app = createFunction().post(
      '/path',
      guard({ caller: user, limits: limit(twice), body: json(Input) }),
      () => assert.fail(`${what}: the handler ran`),
    );
    const { status } = await callAlone(app as typeof endpoint, createServices().services, attempt);
    assert.ok(status >= 400 && status < 500, what);
  }
});

test('guard counts by the caller once one is known, and by the address before', async () => {
  const app = createFunction().post(
    '/path',
    guard({ caller: user, limits: limit(byCaller), body: json(Input) }),
    (c) => c.body(null, 204),
  );
  const { services, charged } = createServices();
  for (const token of ['good', 'bad', '']) await callAlone(app as typeof endpoint, services, { token });
  assert.deepEqual(
    charged.map(([check]) => check?.key),
    ['user:user-1', 'address:192.0.2.1', 'address:192.0.2.1'],
  );
});

const anonymous = createFunction().post(
  '/path',
  guard({ caller: anyone, limits: limitByDevice(twice, byAccount), body: json(Input) }),
  (c) => c.body(null, 204),
);
const callFrom = (services: object, peerAddress: string, body?: string) =>
  callAlone(anonymous as typeof endpoint, { ...services, peerAddress }, body === undefined ? {} : { body });

test('guard asks once more for an IPv6 address, by its /48, and not for an IPv4 address', async () => {
  const { services, charged } = createServices();
  await callFrom(services, '192.0.2.1');
  await callFrom(services, '::ffff:192.0.2.1');
  await callFrom(services, '2001:db8:1:2::1');
  assert.deepEqual(
    charged.map((checks) => checks.map(({ key, policy }) => [policy.name, key, policy.limit])),
    [
      [
        ['twice', 'address:192.0.2.1', 2],
        ['by-account', 'mailbox:ada@example.com', 5],
      ],
      [
        ['twice', 'address:192.0.2.1', 2],
        ['by-account', 'mailbox:ada@example.com', 5],
      ],
      [
        ['twice', 'address:2001:db8:1:2::/64', 2],
        ['twice', 'address:2001:db8:1::/48', 32],
        ['by-account', 'mailbox:ada@example.com', 5],
      ],
    ],
  );
});

test('guard stops a whole /48 at sixteen times the limit, under the name of the policy, and nobody else', async () => {
  const { services } = createServices();
  const mailbox = (nth: number) => `{"email":"person-${nth}@example.com"}`;
  for (let nth = 0; nth < 32; nth++) {
    const response = await callFrom(services, `2001:db8:1:${nth.toString(16)}::1`, mailbox(nth));
    assert.equal(response.status, 204);
    assert.match(response.headers.get('ratelimit') ?? '', /^"twice";r=1;t=\d+, "by-account";r=4;t=\d+$/);
    assert.equal(response.headers.get('ratelimit-policy'), '"twice";q=2;w=60, "by-account";q=5;w=60');
  }
  for (let nth = 0; nth < 8; nth++) {
    const refused = await callFrom(services, '2001:db8:1:ffff::1', mailbox(0));
    assert.match(refused.headers.get('ratelimit') ?? '', /^"twice";r=0;t=\d+, "by-account";r=4;t=\d+$/);
    assert.equal(refused.headers.get('ratelimit-policy'), '"twice";q=2;w=60, "by-account";q=5;w=60');
    assert.deepEqual((await expectProblem(refused, 'quota-exceeded'))['violated-policies'], ['twice']);
  }
  assert.equal((await callFrom(services, '2001:db8:2::1', mailbox(0))).status, 204);
  assert.equal((await callFrom(services, '192.0.2.1', mailbox(0))).status, 204);
});

test('a refund gives back what an IPv6 address took, by its /64 and by its /48', async () => {
  const app = createFunction().post(
    '/path',
    guard({ caller: anyone, limits: limit(twice), body: json(Input) }),
    (c) => {
      c.var.request.limits.twice.refund();
      return c.body(null, 204);
    },
  );
  const { services } = createServices();
  for (let nth = 0; nth < 40; nth++) {
    const peerAddress = `2001:db8:1:${nth.toString(16)}::1`;
    const { status } = await callAlone(app as typeof endpoint, { ...services, peerAddress });
    assert.equal(status, 204, String(nth));
  }
});

test('guard gives an id of its own to every request, whatever request id it came with', async () => {
  const { services, charged } = createServices();
  for (let nth = 0; nth < 2; nth++) {
    const headers = { 'X-Request-Id': 'the-same-again', Authorization: 'Bearer good' };
    await endpoint.request('/path', { method: 'POST', headers }, services);
  }
  assert.equal(new Set(charged.flat().map(({ id }) => id)).size, 2);
});

test('guard counts once who had to be looked up, and before that as a stranger, under an id of its own', async () => {
  const lookedUp: CallerRule<{ readonly userId: string }> = {
    name: 'lookedUp',
    services: [],
    identify: async (_c, _request, beforeLookUp) => {
      await beforeLookUp();
      return { userId: 'user-1' };
    },
  };
  const app = createFunction().post('/path', guard({ caller: lookedUp, limits: limit(twice) }), (c) =>
    c.body(null, 204),
  );
  const { services, charged } = createServices();
  for (let nth = 0; nth < 2; nth++)
    assert.equal((await callAlone(app as typeof endpoint, services)).status, 204);
  // What is given back and what is taken instead may reach a store in either order.
  assert.equal(new Set(charged.flat().map(({ id }) => id)).size, 4);
  assert.equal((await callAlone(app as typeof endpoint, services)).status, 429);
});

test('refund gives back what this request took of one policy, and of no other', async () => {
  const app = createFunction().post(
    '/path',
    guard({ caller: anyone, limits: limitByDevice({ ...twice, limit: 3 }, byAccount), body: json(Input) }),
    (c) => {
      c.var.request.limits['by-account'].refund();
      c.var.request.limits['by-account'].refund();
      return c.body(null, 204);
    },
  );
  const { services } = createServices();
  for (const left of [2, 1, 0]) {
    const { headers, status } = await callAlone(app as typeof endpoint, services);
    assert.equal(status, 204);
    assert.match(
      headers.get('ratelimit') ?? '',
      new RegExp(`^"twice";r=${left};t=\\d+, "by-account";r=4;t=\\d+$`),
    );
  }
  assert.equal((await callAlone(app as typeof endpoint, services)).status, 429);
});

test('what a handler refunds goes back with what no answer keeps, at once, when there is an answer', async () => {
  const failures = { ...twice, name: 'failures', counts: 'failures' } as const;
  let isHandled = false;
  const app = createFunction().post(
    '/path',
    guard({ caller: anyone, limits: limitByDevice(failures, byAccount), body: json(Input) }),
    async (c) => {
      c.var.request.limits['by-account'].refund();
      await Promise.resolve();
      isHandled = true;
      return c.body(null, 204);
    },
  );
  const { services } = createServices();
  const refunded: string[] = [];
  const both = createSignal();
  const refund = ({ policy }: Check) => {
    assert.ok(isHandled);
    if (refunded.push(policy.name) === 2) both.give();
    // One after the other they would never end.
    return both.given;
  };
  const rateLimits = { ...services.rateLimits, refund };
  assert.equal((await callAlone(app as typeof endpoint, { ...services, rateLimits })).status, 204);
  assert.deepEqual(refunded.sort(), ['by-account', 'failures']);
});

test('guard gives back what a 503 took of an account, and not what it took of the address', async () => {
  const app = createFunction().post(
    '/path',
    guard({ caller: anyone, limits: limitByDevice({ ...twice, limit: 3 }, byAccount), body: json(Input) }),
    () => {
      throw new Problem('service-unavailable');
    },
  );
  for (const asked of [app, createRouter([app])]) {
    const { services } = createServices();
    for (const left of [2, 1, 0]) {
      const response = await callAlone(asked as typeof endpoint, services);
      assert.match(
        response.headers.get('ratelimit') ?? '',
        new RegExp(`^"twice";r=${left};t=\\d+, "by-account";r=4;t=\\d+$`),
      );
      await expectProblem(response, 'service-unavailable');
    }
  }
});

test('behind the router a request that waits for nothing has its answer at once, and one that waits gets it too', async () => {
  const rules = guard({ caller: anyone, limits: limit(twice) });
  const router = createRouter([
    createFunction().get('/at-once', rules, (c) => c.json({})),
    createFunction().get('/later', rules, async (c) => c.json(await Promise.resolve({}))),
  ]);
  const { services } = createServices();
  const atOnce = router.request('/at-once', {}, services);
  assert.ok(atOnce instanceof Response);
  assert.match(atOnce.headers.get('ratelimit') ?? '', /^"twice";r=1;/);
  await expectJson(atOnce, 200);
  await expectJson(await router.request('/later', {}, services), 200);
  const refused = router.request('/at-once', {}, services);
  await expectProblem(await refused, 'quota-exceeded');
});

test('guard lets nobody in for whom identifying failed, whatever was thrown', async () => {
  for (const thrown of [undefined, null, 0, '', false, new Error('broken')]) {
    const broken: CallerRule<string> = {
      name: 'broken',
      services: [],
      identify: () => {
        throw thrown;
      },
    };
    for (const body of [undefined, { ...json(z.unknown()), parse: broken.identify as () => never }]) {
      const guarded = body
        ? guard({ caller: anyone, limits: unlimited, body })
        : guard({ caller: broken, limits: unlimited });
      const app = createFunction().post('/path', guarded as MiddlewareHandler, () => assert.fail('let in'));
      const response = await callAlone(app as typeof endpoint, createServices().services);
      await expectProblem(response, 'internal-error');
    }
  }
});

test('guard is not made without limits for a caller whose credential may be revoked', () => {
  assert.throws(() => guard({ caller: user, limits: unlimited }), /a caller user needs limits/);
  assert.throws(() => guard({ caller: anyoneOrUser, limits: unlimited }), /needs limits/);
  assert.ok(guard({ caller: anyone, limits: unlimited }));
});

test('rulesOf finds the rules of a guard, of another bundle too, and none elsewhere', () => {
  const rules = { caller: anyone, limits: unlimited };
  assert.equal(rulesOf(guard(rules)), rules);
  assert.equal(rulesOf(Object.assign(() => undefined, { [Symbol.for('blockbot.guard')]: rules })), rules);
  assert.equal(
    rulesOf(() => undefined),
    undefined,
  );
});

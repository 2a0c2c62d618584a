import assert from 'node:assert/strict';
import test from 'node:test';
import { expectEmpty, expectProblem } from '../../test/support/responses.ts';
import { bareSettings } from '../../test/support/settings.ts';
import { createDenyCache } from '../rate-limit/deny-cache.ts';
import { createMemoryStore } from '../rate-limit/memory-store.ts';
import type { Policy } from '../rate-limit/store.ts';
import { user } from './caller.ts';
import { createFunction } from './function.ts';
import { guard } from './guard.ts';
import { limit } from './limit.ts';

const day = 24 * 60 * 60_000;
const narrow = {
  name: 'narrow',
  limit: 2,
  windowMs: day,
  keyedBy: 'caller',
  onStoreFailure: 'local',
} as const satisfies Policy;
const wide = { ...narrow, name: 'wide', limit: 100 } as const;
const quiet = { ...narrow, name: 'quiet', silent: true } as const;

/** A route whose refusals are remembered, and the calls that the store behind them gets all the same. */
function openRoute(...policies: readonly (Policy & { readonly keyedBy: 'caller' })[]) {
  const store = createMemoryStore();
  const calls: string[] = [];
  const rateLimits = createDenyCache({
    ...store,
    take: (checks) => {
      calls.push('take');
      return store.take(checks);
    },
    refund: (check) => {
      calls.push('refund');
      return store.refund(check);
    },
  });
  const services = {
    settings: bareSettings,
    rateLimits,
    keys: {
      recall: () => undefined,
      verify: () => ({ sub: 'ada', sid: 'session-1', auth_time: 0, amr: [], as_of: 1 }),
    },
    peerAddress: '192.0.2.1',
  };
  const app = createFunction().get('/path', guard({ caller: user, limits: limit(...policies) }), (c) =>
    c.body(null, 204),
  );
  const send = () =>
    Promise.resolve(app.request('/path', { headers: { Authorization: 'Bearer good' } }, services));
  return { rateLimits, calls, send };
}

test('limit: while a silent refusal is remembered, the others count on', async () => {
  const { send } = openRoute({ ...wide, limit: 4 }, quiet);
  for (let nth = 0; nth < 4; nth++) await expectEmpty(await send(), 204);
  await expectProblem(await send(), 'quota-exceeded');
});

test('limit: while a silent refusal is remembered, a token that was revoked is refused', async () => {
  const { rateLimits, send } = openRoute(wide, quiet);
  for (let nth = 0; nth < 4; nth++) await expectEmpty(await send(), 204);
  await rateLimits.revoke([{ subject: 'user:ada', parts: ['all'], at: 2, lastsMs: day }]);
  await expectProblem(await send(), 'access-token-stale');
});

test('limit: of what a remembered refusal leaves untaken nothing is given back, and what is left is told', async () => {
  const { calls, send } = openRoute(narrow, wide);
  for (let nth = 0; nth < 2; nth++) await expectEmpty(await send(), 204);
  await expectProblem(await send(), 'quota-exceeded');
  calls.length = 0;
  const refused = await send();
  assert.match(refused.headers.get('ratelimit') ?? '', /"narrow";r=0;.*"wide";r=98;/);
  await expectProblem(refused, 'quota-exceeded');
  assert.deepEqual(calls, ['take']);
});

/** One of several processes that are asked for the same thing at once under one key: see `http/idempotency.test.ts`. */
import { createHealth } from '../../lib/core/health.ts';
import { createKeyring } from '../../lib/core/keyring.ts';
import { createLog } from '../../lib/core/log.ts';
import { user } from '../../lib/http/caller.ts';
import { createFunction } from '../../lib/http/function.ts';
import { guard } from '../../lib/http/guard.ts';
import { idempotent } from '../../lib/http/idempotency.ts';
import { limit } from '../../lib/http/limit.ts';
import { createRedisIdempotency } from '../../lib/idempotency/redis-store.ts';
import { createMemoryStore } from '../../lib/rate-limit/memory-store.ts';
import type { Policy } from '../../lib/rate-limit/store.ts';
import { createRestRedis } from '../../lib/rate-limit/rest-redis.ts';
import { bareSettings } from './settings.ts';

const [url = '', token = '', requests = '0'] = process.argv.slice(2);
const keyring = createKeyring(['shared by all of these processes']);
const services = {
  settings: bareSettings,
  log: createLog({ write: () => undefined }),
  health: createHealth([]),
  keyring,
  rateLimits: createMemoryStore(),
  idempotency: createRedisIdempotency({
    redis: createRestRedis({ url, token, deadlineMs: 10_000 }),
    keyring,
  }),
  keys: {
    recall: () => undefined,
    verify: () => ({ sub: 'user-1', sid: 'session-1', auth_time: 0, amr: [], as_of: 0 }),
  },
  peerAddress: '192.0.2.1',
};

// Each that is told to come again counts as well.
const enough = {
  name: 'enough',
  limit: 1_000_000,
  windowMs: 60_000,
  keyedBy: 'caller',
  onStoreFailure: 'local',
} as const satisfies Policy;

let runs = 0;
const pay = createFunction().post(
  '/payments',
  guard({ caller: user, limits: limit(enough), idempotency: idempotent }),
  (c) => c.json({ payment: `${String(process.pid)}-${String(++runs)}` }, 201),
);
const init = { method: 'POST', headers: { Authorization: 'Bearer good', 'Idempotency-Key': '"same"' } };

process.stdout.write('ready\n');
process.stdin.once('data', () => {
  void answerAll().then((answers) => {
    process.stdout.write(`${JSON.stringify({ runs, answers })}\n`);
    process.stdin.destroy();
  });
});

/** Each that meets the run under way comes again, as clients do. */
async function answerAll(): Promise<readonly string[]> {
  return Promise.all(Array.from({ length: Number(requests) }, ask));
}

async function ask(): Promise<string> {
  const response = await pay.request('/payments', init, services);
  return response.status === 409 ? ask() : `${String(response.status)} ${await response.text()}`;
}

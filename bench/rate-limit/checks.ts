/** The checks of `npm run bench:rate-limit`: ours and the peers' in one process, bundled as the router is deployed. */
import { createClient } from '@redis/client';
import { Redis } from '@upstash/redis';
import { createCoalescedRequester } from '../../hosts/node/redis/coalesced-requester.ts';
import { createRestRedis as createNodeRestRedis } from '../../hosts/core/node-rest-redis.ts';
import { toPipelines } from '../../hosts/node/redis/rate-limits.ts';
import { createRespRequester } from '../../hosts/node/redis/resp-requester.ts';
import { createLog } from '../../lib/core/log.ts';
import { createDenyCache } from '../../lib/rate-limit/deny-cache.ts';
import { createMemoryStore } from '../../lib/rate-limit/memory-store.ts';
import type { RedisPipelines } from '../../lib/rate-limit/redis-pipelines.ts';
import { createRedisStore } from '../../lib/rate-limit/redis-store.ts';
import { createResilientStore } from '../../lib/rate-limit/resilient-store.ts';
import { createRestRedis } from '../../lib/rate-limit/rest-redis.ts';
import type { Policy, RateLimitStore } from '../../lib/rate-limit/store.ts';
import { median } from '../median.ts';
import { percentile } from '../../scripts/structure/percentile.ts';
import { type Check, flexibleCheck, honoCheck, upstashCheck } from './peer-checks.ts';

/** What it is told by `bench/rate-limit.ts`, in the environment. */
const {
  RUNTIME = '',
  REDIS_PORT = '',
  REST_URL = '',
  REST_TOKEN = '',
  SECONDS = '',
  ROUNDS = '',
} = process.env;
const endpoint = { url: REST_URL, token: REST_TOKEN };
const redisUrl = `redis://127.0.0.1:${REDIS_PORT}`;
const seconds = Number(SECONDS);
const rounds = Number(ROUNDS);

/** So many that hardly anybody asks twice in a run. Nothing is refused of either: a refusal may cost less than a check. */
const newCallers = 100_000;
/** So few that a process keeps all of them. Each may ask for 50 times by either policy. */
const knownCallers = 2000;

const api: Policy = {
  name: 'api',
  limit: 100,
  windowMs: 60_000,
  keyedBy: 'address',
  onStoreFailure: 'local',
};
const auth: Policy = { ...api, name: 'auth', limit: 50, windowMs: 900_000 };
const both = [api, auth] as const;

/** A deadline that no request of the bench meets. */
const edge = { ...endpoint, deadlineMs: 5000 };
const ofRequest = { deadlineMs: Number.POSITIVE_INFINITY };
const resp = await createClient({ url: redisUrl }).connect();
const log = createLog({ write: console.log, level: 'warn' });
const coalesced = createCoalescedRequester(edge);
const requester = await createRespRequester({ target: { url: redisUrl }, log });
const defaults = new Redis({ url: endpoint.url, token: endpoint.token });

/** What is deployed on the runtime that this is. */
const ours = {
  node: [
    {
      name: 'ours, on Lambda, Vercel, Netlify (REST)',
      check: ourCheck(createNodeRestRedis(edge), ofRequest),
    },
    { name: 'ours, in the container (REST)', check: ourCheck(toPipelines(coalesced)) },
    { name: 'ours, in the container (RESP)', check: ourCheck(toPipelines(requester)) },
  ],
  deno: [{ name: 'ours, on Deno (REST)', check: ourCheck(createRestRedis(edge), ofRequest) }],
  bun: [{ name: 'ours, on Bun (REST)', check: ourCheck(createRestRedis(edge), ofRequest) }],
}[RUNTIME];
if (!ours) throw new Error(`RUNTIME is "${RUNTIME}"`);

const peers = [
  { name: '@upstash/ratelimit (REST)', check: upstashCheck(defaults, both) },
  { name: 'hono-rate-limiter (REST)', check: honoCheck(defaults, both) },
  { name: 'rate-limiter-flexible (RESP)', check: flexibleCheck(resp, both) },
  ...ours,
  // Where each request asks by itself; of the runtime only its fetch is another one there.
  {
    name: 'ours, as on Workers (REST)',
    check: ourCheck(createRestRedis(edge), { ...ofRequest, together: false }),
  },
  { name: 'ours, without Redis', check: checkBy(createMemoryStore()) },
];

// What is compiled while it runs is compiled before anything is measured, for everybody.
for (const { check } of peers) await run(check, { callers: 'new', policies: 2, inFlight: 64 });

for (const callers of ['new', 'known'] as const) {
  for (const policies of [1, 2] as const) {
    for (const inFlight of [1, 64]) await compare({ callers, policies, inFlight });
  }
}
coalesced.close();
requester.close();
resp.destroy();

interface Asked {
  readonly callers: 'new' | 'known';
  readonly policies: 1 | 2;
  readonly inFlight: number;
}

async function compare(asked: Asked): Promise<void> {
  const runs = peers.map(() => [] as Run[]);
  for (let round = 0; round < rounds; round += 1) {
    // By chance: who follows another one pays for what that has left to be collected.
    for (const { nth, check } of shuffle(peers.map(({ check }, nth) => ({ nth, check }))))
      runs[nth]?.push(await run(check, asked));
  }
  const results = runs.map(medians);
  console.log(
    `\n${asked.callers} callers, ${String(asked.policies)} ${asked.policies === 1 ? 'policy' : 'policies'}, ${String(asked.inFlight)} in flight`,
  );
  for (const [nth, { name }] of peers.entries()) {
    const { perSecond = 0, p50 = 0, p99 = 0, here = 0, redis = 0 } = results[nth] ?? {};
    const ratio = perSecond / (results[0]?.perSecond ?? 0);
    console.log(
      `  ${name.padEnd(40)}${perSecond.toFixed(0).padStart(9)}/s` +
        `  p50 ${p50.toFixed(2).padStart(6)} ms  p99 ${p99.toFixed(2).padStart(6)} ms` +
        `  here ${here.toFixed(1).padStart(6)} us  Redis ${redis.toFixed(1).padStart(5)} us  x${ratio.toFixed(1)}`,
    );
  }
}

/** In another order (Fisher and Yates). */
function shuffle<Item>(items: Item[]): readonly Item[] {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    const [one, two] = [items[last], items[other]];
    if (one !== undefined && two !== undefined) [items[last], items[other]] = [two, one];
  }
  return items;
}

interface Run {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of the processor that a check takes in this process. */
  readonly here: number;
  /** The same of Redis' main thread. */
  readonly redis: number;
}

async function run(check: Check, { callers, policies, inFlight }: Asked): Promise<Run> {
  const prefix = crypto.randomUUID();
  const keys = Array.from(
    { length: callers === 'new' ? newCallers : knownCallers },
    (_, nth) => `${prefix}${String(nth)}`,
  );
  if (callers === 'known') {
    for (let from = 0; from < keys.length; from += 50)
      await Promise.all(keys.slice(from, from + 50).map((key) => check(key, policies)));
  }
  const mostChecks = keys.length * 49;
  const times: number[] = [];
  const redisBefore = await readRedisMicros();
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  let asked = 0;
  async function askOn(): Promise<void> {
    for (let now = performance.now(); now < endsAt && asked < mostChecks;) {
      asked += 1;
      await check(keys[asked % keys.length] ?? '', policies);
      const then = now;
      now = performance.now();
      times.push(now - then);
    }
  }
  await Promise.all(Array.from({ length: inFlight }, askOn));
  const taken = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  return {
    perSecond: times.length / taken,
    p50: percentile(times, 50),
    p99: percentile(times, 99),
    here: (user + system) / times.length,
    redis: ((await readRedisMicros()) - redisBefore) / times.length,
  };
}

async function readRedisMicros(): Promise<number> {
  const info = await resp.info('cpu');
  const seconds = info.matchAll(/^used_cpu_(?:user|sys)_main_thread:([\d.]+)/gm);
  return 1e6 * [...seconds].reduce((sum, [, number]) => sum + Number(number), 0);
}

function medians(runs: readonly Run[]): Run {
  const middle = (figure: keyof Run) => median(runs.map((run) => run[figure]));
  return {
    perSecond: middle('perSecond'),
    p50: middle('p50'),
    p99: middle('p99'),
    here: middle('here'),
    redis: middle('redis'),
  };
}

/** With a deadline of the limiter's own in the container, and at the edge that of a request over REST. */
function ourCheck(redis: RedisPipelines, { together = true, deadlineMs = 5000 } = {}): Check {
  const shared = createRedisStore({ redis, secret: 'of this bench', together });
  return checkBy(createDenyCache(createResilientStore({ shared, log, deadlineMs })));
}

function checkBy(store: RateLimitStore): Check {
  return async (key, policies) => {
    const id = crypto.randomUUID();
    return store.take((policies === 1 ? [api] : [api, auth]).map((policy) => ({ policy, key, id })));
  };
}

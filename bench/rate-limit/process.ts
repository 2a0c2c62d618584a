/**
 * The process of one contestant of `npm run bench:rate-limit`: what several would run of the same code in one process, the
 * engine would compile for all of them, and none is deployed so. It is told a line of JSON on standard input for each run,
 * and answers one on standard output.
 */
import { createInterface } from 'node:readline';
import { createClient } from '@redis/client';
import { percentile } from '../../scripts/structure/percentile.ts';
import { contestants } from './contestants.ts';

export interface Asked {
  readonly callers: 'new' | 'known';
  readonly policies: 1 | 2;
  readonly inFlight: number;
  readonly seconds: number;
}

export interface Run {
  readonly perSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of the processor that a check takes in this process. */
  readonly here: number;
  /** The same of Redis' main thread. */
  readonly redis: number;
}

/** So many that hardly anybody asks Redis twice in a run. Nothing is refused of either: a refusal may cost less than a check. */
const newCallers = 100_000;
/** So few that a process keeps all of them. Each may ask for 50 times by either policy. */
const knownCallers = 2000;

const { CONTESTANT = '', RUNTIME = '', REDIS_URL = '', REST_URL = '', REST_TOKEN = '' } = process.env;
const contestant = contestants.find(
  ({ name, runtime = RUNTIME }) => name === CONTESTANT && runtime === RUNTIME,
);
if (!contestant) throw new Error(`CONTESTANT is "${CONTESTANT}", and RUNTIME "${RUNTIME}"`);
const check = await contestant.open({ redisUrl: REDIS_URL, url: REST_URL, token: REST_TOKEN });
const observer = await createClient({ url: REDIS_URL }).connect();

for await (const line of createInterface(process.stdin)) {
  console.log(JSON.stringify(await run(JSON.parse(line) as Asked)));
}
process.exit();

async function run({ callers, policies, inFlight, seconds }: Asked): Promise<Run> {
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
  const info = await observer.info('cpu');
  const seconds = info.matchAll(/^used_cpu_(?:user|sys)_main_thread:([\d.]+)/gm);
  return 1e6 * [...seconds].reduce((sum, [, number]) => sum + Number(number), 0);
}

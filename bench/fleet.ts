/** Prints what docs/scaling.md computes from: what each request costs of each resource, and fleets of routers side by side. */
import { availableParallelism, cpus, release, type } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type postgres from 'postgres';
import { openConnection } from '../db/connection.ts';
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';
import { percentile } from '../scripts/structure/percentile.ts';
import { withoutRedis } from '../test/support/redis-server.ts';
import { type Act, actNames, conductOf } from './fleet/acts.ts';
import { live, noAnswers, repeat } from './fleet/callers.ts';
import { fillCrowd, type Member } from './fleet/crowd.ts';
import { type Fleet, openSite, type Site, toAdministration } from './fleet/site.ts';
import { readUsage, toCosts, toProcessorMs, type Usage } from './fleet/usage.ts';
import {
  costsHead,
  type FleetFigures,
  fleetHead,
  toCostsRow,
  toFleetRow,
  toMedian,
  toOutlook,
} from './fleet/report.ts';
import { median } from './median.ts';
import { readPositiveNumber } from './positive-number.ts';
import { buildRouter } from './router.ts';

const usage = `Usage: npm run -s bench:fleet [-- --processes LIST] [--callers CALLERS] [--seconds SECONDS] [--rounds ROUNDS]
                               [--times TIMES]

Builds the router and runs fleets of it on one Postgres and one Redis, which are its own, for callers who act and pause: each
with an address, a session and an API key of their own. Prints what each kind of request costs (processor time of routers,
Postgres and Redis, statements, WAL, Redis operations), then requests a second of each fleet, and what one core carries.
Needs redis-server.

  --processes   how many routers, split by commas; 1,2,4,8 unless told
  --callers     CALLERS, who ask once a second each; 800 unless told
  --seconds     SECONDS of each round of a fleet; 10 unless told
  --rounds      ROUNDS, the fleets in turn; 3 unless told
  --times       TIMES, how often a kind of request is repeated for its costs; 2000 unless told, hashing ones a tenth of it

Exit codes: 0 every answer was expected, 1 one was not or it was interrupted, 2 wrong usage.
`;

const hashing: readonly Act[] = ['sign-in', '401, a wrong password'];
/** Of each router, before it is measured: a fresh one compiles what it runs. */
const warmUpRequests = 300;
/** Programs that are asked of one after the other: so few that each is known to the router. */
const programs = 50;
/** The least who are there, so that none is asked of so often that a limit refuses them. */
const leastCrowd = 1000;

const tell = (line: string) => process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
const print = (line: string) => process.stdout.write(`${line}\n`);

interface Kind {
  readonly share: number;
  readonly costs: Usage;
}

interface FleetsOptions {
  readonly sizes: readonly number[];
  readonly callers: number;
  readonly seconds: number;
  readonly rounds: number;
}

interface FleetRound extends Pick<FleetsOptions, 'callers' | 'seconds'> {
  readonly processes: number;
  readonly seed: number;
}

interface Run {
  readonly site: Site;
  readonly admin: postgres.Sql;
  readonly crowd: readonly Member[];
  readonly unexpected: Map<string, number>;
}

function note({ unexpected }: Run, found: ReadonlyMap<string, number>): void {
  for (const [text, times] of found) unexpected.set(text, (unexpected.get(text) ?? 0) + times);
}

/** What one kind costs, asked of one router that has been asked for it before. */
async function measureAct(run: Run, fleet: Fleet, name: Act, times: number): Promise<Usage> {
  const crowd = name === 'gate, API key' ? run.crowd.slice(0, programs) : run.crowd;
  const before = Math.max(programs, Math.ceil(times / 10));
  note(run, (await repeat(fleet, crowd, { name, times: before })).unexpected);
  const start = await readUsage(run.site, fleet, run.admin);
  note(run, (await repeat(fleet, crowd, { name, times, from: before })).unexpected);
  return toCosts(start, await readUsage(run.site, fleet, run.admin), times);
}

async function measureActs(run: Run, times: number): Promise<readonly Kind[]> {
  const fleet = await run.site.startFleet(1);
  const kinds: Kind[] = [];
  try {
    tell('one router: warming up');
    for (const name of actNames)
      note(run, (await repeat(fleet, run.crowd, { name, times: programs })).unexpected);
    for (const line of costsHead) print(line);
    for (const name of actNames) {
      tell(`one router: ${name}`);
      const repeated = hashing.includes(name) ? Math.ceil(times / 10) : times;
      const costs = await measureAct(run, fleet, name, repeated);
      print(toCostsRow(name, costs));
      kinds.push({ share: conductOf(name).share, costs });
    }
    return kinds;
  } finally {
    await fleet.stop();
  }
}

async function measureFleet(
  run: Run,
  { processes, seconds, callers, seed }: FleetRound,
): Promise<FleetFigures> {
  const { site, admin } = run;
  const fleet = await site.startFleet(processes);
  const ended = new AbortController();
  const warmUp = noAnswers();
  const counted = noAnswers();
  let answers = warmUp;
  try {
    const crowd = run.crowd.slice(0, callers);
    const living = live(fleet, crowd, { signal: ended.signal, answers: () => answers, seed });
    while (warmUp.milliseconds.length < processes * warmUpRequests) await delay(100);
    const before = await readUsage(site, fleet, admin);
    const startedAt = performance.now();
    answers = counted;
    await delay(seconds * 1000);
    answers = warmUp;
    const passedMs = performance.now() - startedAt;
    const after = await readUsage(site, fleet, admin);
    const connections = await countConnections(run);
    ended.abort();
    await living;
    note(run, counted.unexpected);
    const requests = counted.milliseconds.length;
    return {
      requestsPerSecond: (requests * 1000) / passedMs,
      machineShare: (toProcessorMs(after) - toProcessorMs(before)) / passedMs / availableParallelism(),
      p50: percentile(counted.milliseconds, 50),
      p99: percentile(counted.milliseconds, 99),
      serverErrors: counted.serverErrors,
      ...connections,
      costs: toCosts(before, after, requests),
    };
  } finally {
    ended.abort();
    await fleet.stop();
  }
}

async function countConnections({ admin, site }: Run) {
  const [row] = await admin.unsafe<{ count: number }[]>(
    `select count(*)::int from pg_stat_activity where datname = 'blockbot' and application_name = 'blockbot'`,
  );
  const clients = /connected_clients:(\d+)/.exec(site.redis.run('info', 'clients'))?.[1];
  // One of them is redis-cli, which asks.
  return { postgresConnections: row?.count ?? 0, redisConnections: Number(clients) - 1 };
}

/** @returns what the simulation took of the processor for each request */
async function measureFleets(run: Run, { sizes, seconds, rounds, callers }: FleetsOptions) {
  const figures = new Map<number, FleetFigures[]>(sizes.map((size) => [size, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const size of sizes) {
      tell(`round ${round} of ${rounds}: ${size} ${size === 1 ? 'router' : 'routers'}`);
      const seed = round * sizes.length + sizes.indexOf(size);
      const taken = await measureFleet(run, { processes: size, seconds, callers, seed });
      tell(toFleetRow(size, taken));
      figures.get(size)?.push(taken);
    }
  }
  const medians = [...figures].map(([size, taken]) => [size, toMedian(taken)] as const);
  for (const line of fleetHead) print(line);
  for (const [size, median] of medians) print(toFleetRow(size, median));
  return median(medians.map(([, { costs }]) => costs.callersMs));
}

function readArguments() {
  const { values } = readCommandLine(usage, {
    options: {
      processes: { type: 'string', default: '1,2,4,8' },
      callers: { type: 'string', default: '800' },
      seconds: { type: 'string', default: '10' },
      rounds: { type: 'string', default: '3' },
      times: { type: 'string', default: '2000' },
    },
  });
  const read = (name: 'callers' | 'seconds' | 'rounds' | 'times') =>
    readPositiveNumber(usage, `--${name}`, values[name], { whole: true });
  const sizes = values.processes
    .split(',')
    .map((size) => readPositiveNumber(usage, '--processes', size, { whole: true }));
  // More than ten connections each than Postgres takes here.
  if (Math.max(...sizes) > 16) refuseUsage(usage, `--processes ${values.processes} has more than 16`);
  return {
    sizes,
    callers: read('callers'),
    seconds: read('seconds'),
    rounds: read('rounds'),
    times: read('times'),
  };
}

async function main(): Promise<number> {
  const { times, ...options } = readArguments();
  if (withoutRedis !== false) {
    process.stderr.write(`${withoutRedis}: apt-get install redis-server\n`);
    return 1;
  }
  tell('building the router');
  buildRouter();
  const site = await openSite();
  // Its Postgres is a process group of its own, which Ctrl-C does not reach.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void site.stop().finally(() => process.exit(1)));
  const { sql: admin, close } = openConnection(toAdministration(site.databaseUrl));
  try {
    tell('callers move in');
    const crowd = await fillCrowd(site, Math.max(options.callers, leastCrowd));
    const [{ version } = { version: '' }] = await admin.unsafe<{ version: string }[]>(
      `select current_setting('server_version') as version`,
    );
    const redis = /redis_version:(\S+)/.exec(site.redis.run('info', 'server'))?.[1] ?? 'unknown';
    const machine = `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown'}, ${type()} ${release()}`;
    print(
      `Node ${process.version}, Postgres ${version}, Redis ${redis}, ${machine}, ${options.callers} callers`,
    );
    const run: Run = { site, admin, crowd, unexpected: new Map() };
    const kinds = await measureActs(run, times);
    const callersMs = await measureFleets(run, options);
    for (const line of toOutlook(kinds, callersMs)) print(line);
    if (run.unexpected.size > 0) print(`\nunexpected: ${JSON.stringify(Object.fromEntries(run.unexpected))}`);
    return run.unexpected.size > 0 ? 1 : 0;
  } finally {
    await close();
    await site.stop();
  }
}

process.exitCode = await main();

/** `npm run bench:rate-limit`: our limiter beside its peers, each in a process of its own, on one Redis in one run, in turn. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';
import { executableOf } from '../test/platforms/executables.ts';
import { startRedis } from '../test/support/redis-server.ts';
import { type RestProcess, startRestProcess } from '../test/support/redis-rest-server.ts';
import { bundleServer } from './bundle.ts';
import { median } from './median.ts';
import { readPositiveNumber } from './positive-number.ts';
import { contestants } from './rate-limit/contestants.ts';
import type { Asked, Run } from './rate-limit/process.ts';

const usage = `Usage: npm run bench:rate-limit [-- --runtime RUNTIME] [--seconds SECONDS] [--rounds ROUNDS]

Needs redis-server. Prints checks a second and their p50 and p99, what a check takes of the processor in microseconds, here
and in Redis (all of them the median of the rounds), of callers who ask for the first time and of callers who asked before,
one and two policies, one and 64 in flight, and how many times as many as @upstash/ratelimit.

  --runtime   what runs all of them: node (unless told), deno or bun
  --seconds   how long each is asked in a round; 1.5 unless told
  --rounds    3 unless told

Exit codes: 0 printed, 1 it could not be measured, 2 wrong usage.
`;

const { values } = readCommandLine(usage, {
  options: {
    runtime: { type: 'string', default: 'node' },
    seconds: { type: 'string', default: '1.5' },
    rounds: { type: 'string', default: '3' },
  },
});
const command = toCommand(values.runtime);
const seconds = readPositiveNumber(usage, '--seconds', values.seconds);
const rounds = readPositiveNumber(usage, '--rounds', values.rounds, { whole: true });

interface RunningContestant {
  readonly name: string;
  readonly run: (asked: Asked) => Promise<Run>;
  readonly stop: () => Promise<void>;
}

const columns = (['new', 'known'] as const).flatMap((callers) =>
  ([1, 2] as const).flatMap((policies) =>
    [1, 64].map((inFlight): Asked => ({ callers, policies, inFlight, seconds })),
  ),
);
const server = await startRedis();
const folder = mkdtempSync(join(tmpdir(), 'blockbot-bench-'));
let endpoint: RestProcess | undefined;
let running: readonly RunningContestant[] = [];
try {
  const [rest, bundle] = [join(folder, 'rest.mjs'), join(folder, 'process.mjs')];
  await bundleServer(fileURLToPath(new URL('../redis-rest/main.ts', import.meta.url)), rest);
  await bundleServer(fileURLToPath(new URL('rate-limit/process.ts', import.meta.url)), bundle);
  endpoint = await startRestProcess(server.port, { bundle: rest });
  const env = {
    RUNTIME: values.runtime,
    REDIS_URL: `redis://127.0.0.1:${String(server.port)}`,
    REST_URL: endpoint.url,
    REST_TOKEN: endpoint.token,
  };
  const deployed = contestants.filter(({ runtime = values.runtime }) => runtime === values.runtime);
  running = deployed.map(({ name }) => start(name, bundle, env));

  // What is compiled while it runs is compiled before anything is measured.
  for (const { run } of running) for (const column of columns) await run(column);
  for (const column of columns) await compare(column);
} finally {
  for (const { stop } of running) await stop();
  await endpoint?.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}

/** By chance: who follows another one pays for what that has left. */
async function compare(asked: Asked): Promise<void> {
  const runs = running.map(() => [] as Run[]);
  for (let round = 0; round < rounds; round += 1) {
    for (const [nth, { run }] of shuffle([...running.entries()])) runs[nth]?.push(await run(asked));
  }
  const results = runs.map(medians);
  console.log(
    `\n${asked.callers} callers, ${String(asked.policies)} ${asked.policies === 1 ? 'policy' : 'policies'}, ${String(asked.inFlight)} in flight`,
  );
  for (const [nth, { name }] of running.entries()) {
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

/** @throws {Error} from `run` where the process has ended */
function start(name: string, bundle: string, env: Readonly<Record<string, string>>): RunningContestant {
  const [executable, ...args] = command;
  const child = spawn(executable, [...args, bundle], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], CONTESTANT: name, ...env },
  });
  const exited = once(child, 'exit');
  // That it has ended is told by what it does not answer.
  child.stdin.on('error', () => undefined);
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    name,
    run: async (asked) => {
      child.stdin.write(`${JSON.stringify(asked)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`${name} has ended`);
      return JSON.parse(value) as Run;
    },
    stop: async () => {
      child.kill();
      await exited;
    },
  };
}

function toCommand(runtime: string): readonly [string, ...string[]] {
  if (runtime === 'node') return [process.execPath];
  if (runtime === 'deno') return [executableOf('deno'), 'run', '--allow-all'];
  if (runtime === 'bun') return [executableOf('bun')];
  return refuseUsage(usage, `--runtime '${runtime}' is neither node, deno nor bun`);
}

/** `npm run bench:rate-limit`: our limiter beside its peers, on one Redis in one run, in turn. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';
import { executableOf } from '../test/platforms/executables.ts';
import { startRedis } from '../test/support/redis-server.ts';
import { type RestProcess, startRestProcess } from '../test/support/redis-rest-server.ts';
import { bundleServer } from './bundle.ts';
import { readPositiveNumber } from './positive-number.ts';

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

const server = await startRedis();
const folder = mkdtempSync(join(tmpdir(), 'blockbot-bench-'));
let endpoint: RestProcess | undefined;
try {
  const [rest, checks] = [join(folder, 'rest.mjs'), join(folder, 'checks.mjs')];
  await bundleServer(fileURLToPath(new URL('../redis-rest/main.ts', import.meta.url)), rest);
  await bundleServer(fileURLToPath(new URL('rate-limit/checks.ts', import.meta.url)), checks);
  endpoint = await startRestProcess(server.port, { bundle: rest });
  const [runtime, ...args] = command;
  const child = spawn(runtime, [...args, checks], {
    stdio: 'inherit',
    env: {
      PATH: process.env['PATH'],
      RUNTIME: values.runtime,
      REDIS_PORT: String(server.port),
      REST_URL: endpoint.url,
      REST_TOKEN: endpoint.token,
      SECONDS: String(seconds),
      ROUNDS: String(rounds),
    },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  await endpoint?.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}

function toCommand(runtime: string): readonly [string, ...string[]] {
  if (runtime === 'node') return [process.execPath];
  if (runtime === 'deno') return [executableOf('deno'), 'run', '--allow-all'];
  if (runtime === 'bun') return [executableOf('bun')];
  return refuseUsage(usage, `--runtime '${runtime}' is neither node, deno nor bun`);
}

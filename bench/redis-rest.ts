/**
 * How fast the REST endpoint is, beside the same Redis without it: GET, and an EVALSHA like a rate limiter's,
 * from 32 connections. wrk drives the endpoint, redis-benchmark drives Redis, one after the other.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '../lib/core/command-line.ts';
import { createConnection } from '../redis-rest/connection.ts';
import { token } from '../test/support/redis-rest-endpoint.ts';
import { freePort, startRedis } from '../test/support/redis-server.ts';
import { readPositiveNumber } from './positive-number.ts';

const usage = `Usage: npm run bench:redis-rest [-- --seconds SECONDS] [--connections COUNT]

Prints how fast GET and an EVALSHA like a rate limiter's are through the REST endpoint, beside the same Redis without it.
Needs redis-server, redis-benchmark and wrk (Debian: apt-get install redis-server redis-tools wrk).

  --seconds       how long each is driven, a whole number; 8 unless told
  --connections   COUNT; 32 unless told

Exit codes: 0 printed, 1 it could not be measured, 2 wrong usage.
`;

/** A sliding window log, as exact limiters keep it: about what one check costs. */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 60000000)
local used = redis.call('ZCARD', KEYS[1])
if used >= 100 then return {0, 0} end
redis.call('ZADD', KEYS[1], 'NX', now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], 60000)
return {1, 99 - used}`;

interface Result {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

const { values } = readCommandLine(usage, {
  options: { seconds: { type: 'string', default: '8' }, connections: { type: 'string', default: '32' } },
});
const seconds = readPositiveNumber(usage, '--seconds', values.seconds, { whole: true });
const connections = readPositiveNumber(usage, '--connections', values.connections, { whole: true });
const missing = ['redis-server', 'redis-benchmark', 'wrk'].filter(
  (tool) => spawnSync(tool, ['--version']).error !== undefined,
);
if (missing.length > 0) {
  console.error(`not installed: ${missing.join(', ')}`);
  process.exit(1);
}

const directory = mkdtempSync(join(tmpdir(), 'bench-redis-rest-'));
const redis = await startRedis();
const port = await freePort();
const endpoint = spawn(process.execPath, ['--import', 'tsx', 'redis-rest/main.ts'], {
  env: { REDIS_URL: redis.url, REDIS_REST_TOKENS: token, PORT: String(port), DRAIN_DELAY_MS: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  for (let output = ''; !output.includes('redis is ready');) {
    const [line] = await once(endpoint.stdout, 'data');
    output += String(line);
  }
  const admin = await createConnection(redis.url, { lasting: false }).connect();
  await admin.sendCommand(['SET', 'foo', 'bar']);
  const sha = String(await admin.sendCommand(['SCRIPT', 'LOAD', script]));
  admin.destroy();

  console.log(`${connections} connections, ${seconds} s each, after 2 s of warming up\n`);
  console.log(row('', 'a second', 'p50 ms', 'p99 ms'));
  const get = runWrk('get', `'["GET","foo"]'`);
  const plainGet = runRedisBenchmark(['GET', 'foo']);
  print('GET', get, plainGet);
  const check = runWrk('evalsha', `'["EVALSHA","${sha}",1,"rl:' .. n % 100000 .. '","' .. n .. '"]'`);
  const plainCheck = runRedisBenchmark(['EVALSHA', sha, '1', 'plain:__rand_int__', '__rand_int__']);
  print('EVALSHA', check, plainCheck);
} finally {
  endpoint.kill('SIGTERM');
  await once(endpoint, 'exit');
  await redis.close();
  rmSync(directory, { recursive: true, force: true });
}

/** `body` is a Lua expression; `n` counts the requests in it. */
function runWrk(name: string, body: string): Result {
  const file = join(directory, `${name}.lua`);
  writeFileSync(
    file,
    `wrk.method = 'POST'
wrk.headers['Authorization'] = 'Bearer ${token}'
wrk.headers['Content-Type'] = 'application/json'
local n = 0
request = function()
  n = n + 1
  return wrk.format(nil, nil, nil, ${body})
end
`,
  );
  const load = (durationS: number) =>
    execFileSync(
      'wrk',
      ['-t1', `-c${connections}`, `-d${durationS}s`, '--latency', '-s', file, `http://127.0.0.1:${port}/`],
      { encoding: 'utf8' },
    );
  load(2);
  const output = load(seconds);
  if (output.includes('Non-2xx')) throw new Error(`the endpoint refused some requests:\n${output}`);
  return {
    perSecond: Number(/Requests\/sec: +([\d.]+)/.exec(output)?.[1]),
    p50: toMilliseconds(/50% +(\S+)/.exec(output)?.[1]),
    p99: toMilliseconds(/99% +(\S+)/.exec(output)?.[1]),
  };
}

function toMilliseconds(text = ''): number {
  const [, number, unit] = /^([\d.]+)(us|ms|s)$/.exec(text) ?? [];
  return Number(number) * (unit === 'us' ? 0.001 : unit === 's' ? 1000 : 1);
}

function runRedisBenchmark(command: readonly string[]): Result {
  const options = ['-p', String(redis.port), '-c', String(connections), '-r', '100000', '--csv'];
  const requests = String(seconds * 40_000);
  const output = execFileSync('redis-benchmark', [...options, '-n', requests, ...command], {
    encoding: 'utf8',
  });
  // "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms",...
  const fields = output.trim().split('\n').at(-1)?.split('","') ?? [];
  return { perSecond: Number(fields[1]), p50: Number(fields[4]), p99: Number(fields[6]) };
}

function print(name: string, endpoint: Result, plain: Result): void {
  const digits = ({ perSecond, p50, p99 }: Result) =>
    [perSecond.toFixed(0), p50.toFixed(2), p99.toFixed(2)] as const;
  console.log(row(`${name} through the endpoint`, ...digits(endpoint)));
  console.log(row(`${name} straight to Redis`, ...digits(plain)));
  console.log(row('  ratio', (endpoint.perSecond / plain.perSecond).toFixed(2), '', ''));
}

function row(name: string, perSecond: string, p50: string, p99: string): string {
  return name.padEnd(28) + perSecond.padStart(10) + p50.padStart(10) + p99.padStart(10);
}

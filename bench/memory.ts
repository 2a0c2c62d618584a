/** Prints what docs/benchmarks.md says of the memory of a router that has been under load for an hour. */
import { setTimeout as delay } from 'node:timers/promises';
import { readCommandLine, refuseUsage } from '../lib/core/command-line.ts';
import { asImage } from './image.ts';
import { createMix, type Mix } from './memory/mix.ts';
import { type ProcessMemory, readMemory, toSlope } from './memory/process-memory.ts';
import { readPositiveNumber } from './positive-number.ts';
import { buildRouter, makeDataDir, startRouter } from './router.ts';

const usage = `Usage: npm run -s bench:memory [-- --minutes MINUTES] [--rate RATE] [--node-option=OPTION]

Builds the router, starts it with a database of its own, and sends a mix at RATE requests a second: people who sign in,
refresh and read, refusals, and addresses never seen before, so that all that is bounded fills to its bound. Prints a
row a minute, in MiB, and what each grew by in a minute over the last half; at 50 a second the bounds are reached after
28 minutes, so give it an hour. The router has the options of Node and the allocator's settings that the image has.

  --minutes       MINUTES, 4 at least; 60 unless told
  --rate          RATE; 50 unless told
  --node-option   of the router's Node, such as --max-old-space-size=192, after those of the image; may be given more than once

Exit codes: 0 the resident memory grew by less than 0.1 MiB a minute in the last half and every answer was expected, 1 not,
2 wrong usage.
`;

const bar = 0.1;
const readEveryMs = 5000;
const names = ['rss', 'anonymous', 'heapUsed', 'heapTotal', 'external'] as const;

const toCells = (memory: ProcessMemory) => names.map((name) => memory[name].toFixed(1)).join(' | ');

/** Sends at a steady rate until the signal, and does not wait for answers: a slow one delays no other. */
async function send(mix: Mix, rate: number, signal: AbortSignal): Promise<void> {
  const startedAt = performance.now();
  const underWay = new Set<Promise<void>>();
  for (let sent = 0; !signal.aborted;) {
    for (const due = ((performance.now() - startedAt) / 1000) * rate; sent < due; sent++) {
      const one = mix.next().finally(() => underWay.delete(one));
      underWay.add(one);
    }
    await delay(1000 / rate);
  }
  await Promise.all(underWay);
}

/** A reading a minute: of the heap the least of that minute, which is what the last collection left. */
async function watch(minutes: number, read: () => Promise<ProcessMemory>): Promise<ProcessMemory[]> {
  const taken: ProcessMemory[] = [];
  const startedAt = performance.now();
  for (let minute = 1; minute <= minutes; minute++) {
    let memory = await read();
    while (performance.now() < startedAt + minute * 60_000) {
      await delay(readEveryMs);
      const last = await read();
      memory = { ...last, heapUsed: Math.min(memory.heapUsed, last.heapUsed) };
    }
    taken.push(memory);
    process.stdout.write(`| ${minute} | ${toCells(memory)} |\n`);
  }
  return taken;
}

async function measure(minutes: number, rate: number, nodeOptions: readonly string[]): Promise<boolean> {
  buildRouter();
  const { dataDir, remove } = makeDataDir();
  const metricsPort = 20_000 + (process.pid % 10_000);
  const env = {
    DATA_DIR: dataDir,
    TRUSTED_PROXY_HOPS: '1',
    METRICS_PORT: String(metricsPort),
    ...asImage.env,
  };
  const router = await startRouter(env, nodeOptions);
  try {
    const mix = await createMix(router.url);
    const read = () => readMemory(router.pid, `http://127.0.0.1:${metricsPort}/metrics`);
    process.stdout.write(`Node ${process.version} ${nodeOptions.join(' ')}, pid ${router.pid}\n\n`);
    process.stdout.write(`| minute | ${names.join(' | ')} |\n| --- | --- | --- | --- | --- | --- |\n`);
    process.stdout.write(`| 0 | ${toCells(await read())} |\n`);
    const ended = new AbortController();
    const sending = send(mix, rate, ended.signal);
    const taken = await watch(minutes, read).finally(() => ended.abort());
    await sending;
    const lastHalf = taken.slice(Math.floor(taken.length / 2));
    const slopes = names.map((name) => toSlope(lastHalf.map((memory) => memory[name])));
    process.stdout.write(`| MiB a minute | ${slopes.map((slope) => slope.toFixed(3)).join(' | ')} |\n\n`);
    process.stdout.write(`answered: ${JSON.stringify(mix.counts(false))}\n`);
    process.stdout.write(`unexpected: ${JSON.stringify(mix.counts(true))}\n`);
    mix.close();
    return (slopes[0] ?? Number.NaN) < bar && Object.keys(mix.counts(true)).length === 0;
  } finally {
    await router.stop();
    remove();
  }
}

async function main(): Promise<number> {
  const { values } = readCommandLine(usage, {
    options: {
      minutes: { type: 'string', default: '60' },
      rate: { type: 'string', default: '50' },
      'node-option': { type: 'string', multiple: true, default: [] },
    },
  });
  const minutes = readPositiveNumber(usage, '--minutes', values.minutes, { whole: true });
  if (minutes < 4) refuseUsage(usage, `--minutes ${values.minutes} is less than 4`);
  const rate = readPositiveNumber(usage, '--rate', values.rate);
  return (await measure(minutes, rate, [...asImage.nodeOptions, ...values['node-option']])) ? 0 : 1;
}

process.exitCode = await main();

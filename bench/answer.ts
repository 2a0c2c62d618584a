/** `npm run bench:answer`: an authenticated, limited answer beside a bare Hono answer, in one process and one run. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../lib/core/command-line.ts';
import { bundleServer } from './bundle.ts';
import { median } from './median.ts';
import { readProcessorTime } from './processor-time.ts';
import { load } from './wrk.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const usage = `Usage: npm run bench:answer

Asks a bare Hono answer and ours, which is authenticated and limited, in one process and one run. Prints requests a
second of both, and of ours with metrics counted, in turn, the processor's time that a request takes, and the ratios. Needs
wrk; the processor's time is told on Linux.

Exit codes: 0 printed, 1 it could not be measured, 2 wrong usage.
`;
readCommandLine(usage, { options: {} });

const outfile = join(makeScratchFolder(), 'server.mjs');
await bundleServer(fileURLToPath(new URL('answer/server.ts', import.meta.url)), outfile);
const server = fork(outfile, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
const [{ barePort, port, countedPort, token }] = (await once(server, 'message')) as [
  { barePort: number; port: number; countedPort: number; token: string },
];
const headers = { Authorization: `Bearer ${token}` };
interface Cost {
  readonly perSecond: number;
  readonly p99Ms: number;
  /** Of the processor, for one request. */
  readonly us: number;
}

async function measure(listening: number, seconds = 3): Promise<Cost> {
  const before = readProcessorTime(server.pid ?? Number.NaN);
  const url = `http://127.0.0.1:${listening}/v1/whoami`;
  const { requests, requestsPerSecond, p99Ms, refused } = await load(url, { seconds, headers });
  if (refused > 0) throw new Error('some requests were refused: the figures are worth nothing');
  return {
    perSecond: requestsPerSecond,
    p99Ms,
    us: (readProcessorTime(server.pid ?? Number.NaN) - before) / requests,
  };
}

const rounds: { bare: Cost; ours: Cost; counted: Cost }[] = [];
try {
  for (const each of [barePort, port, countedPort]) await measure(each, 2);
  for (let round = 1; round <= 6; round++) {
    const bare = await measure(barePort);
    const ours = await measure(port);
    const counted = await measure(countedPort);
    rounds.push({ bare, ours, counted });
    console.log(
      `round ${round}: bare ${bare.perSecond.toFixed(0)}/s p99 ${bare.p99Ms} ms ${bare.us.toFixed(1)} us, ` +
        `authenticated and limited ${ours.perSecond.toFixed(0)}/s p99 ${ours.p99Ms} ms ${ours.us.toFixed(1)} us, ` +
        `ratio ${(ours.perSecond / bare.perSecond).toFixed(2)}, ` +
        `counted ${counted.perSecond.toFixed(0)}/s ${counted.us.toFixed(1)} us, ` +
        `ratio ${(counted.perSecond / bare.perSecond).toFixed(2)}`,
    );
  }
} finally {
  server.kill();
}
const of = (figure: (round: (typeof rounds)[number]) => number) => median(rounds.map(figure));
console.log(
  `median: bare ${of(({ bare }) => bare.perSecond).toFixed(0)}/s, ours ${of(({ ours }) => ours.perSecond).toFixed(0)}/s, ` +
    `ratio ${of(({ bare, ours }) => ours.perSecond / bare.perSecond).toFixed(2)} (budget 0.65)`,
);
console.log(
  `processor time of a request: bare ${of(({ bare }) => bare.us).toFixed(1)} us, ` +
    `ours ${of(({ ours }) => ours.us).toFixed(1)} us, counted ${of(({ counted }) => counted.us).toFixed(1)} us, ` +
    `bare / ours ${of(({ bare, ours }) => bare.us / ours.us).toFixed(2)}`,
);
console.log(
  `metrics: counted / not counted ${of(({ ours, counted }) => counted.perSecond / ours.perSecond).toFixed(3)}, ` +
    `counted / bare ${of(({ bare, counted }) => counted.perSecond / bare.perSecond).toFixed(2)}`,
);

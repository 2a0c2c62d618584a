/** `npm run bench:answer`: an authenticated, limited answer beside a bare Hono answer, in one process and one run. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { readCommandLine } from '../lib/core/command-line.ts';
import { median } from './median.ts';
import { load } from './wrk.ts';

const usage = `Usage: npm run bench:answer

Asks a bare Hono answer and ours, which is authenticated and limited, in one process and one run. Prints requests a
second of both, and of ours with metrics counted, in turn, and the ratios. Needs wrk.

Exit codes: 0 printed, 1 it could not be measured, 2 wrong usage.
`;
readCommandLine(usage, { options: {} });

// Bundled as the router is deployed: a loader that compiles while it runs would be measured along.
const outfile = join(mkdtempSync(join(tmpdir(), 'blockbot-bench-')), 'server.mjs');
await build({
  entryPoints: [fileURLToPath(new URL('answer/server.ts', import.meta.url))],
  outfile,
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'esm',
  // The library of metrics is CommonJS and requires node's own modules.
  banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
});
const server = fork(outfile, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
const [{ barePort, port, countedPort, token }] = (await once(server, 'message')) as [
  { barePort: number; port: number; countedPort: number; token: string },
];
const headers = { Authorization: `Bearer ${token}` };
const rounds: { bare: number; ours: number; counted: number }[] = [];
try {
  await load(`http://127.0.0.1:${barePort}/v1/whoami`, { seconds: 2, headers });
  await load(`http://127.0.0.1:${port}/v1/whoami`, { seconds: 2, headers });
  await load(`http://127.0.0.1:${countedPort}/v1/whoami`, { seconds: 2, headers });
  for (let round = 1; round <= 5; round++) {
    const bare = await load(`http://127.0.0.1:${barePort}/v1/whoami`, { seconds: 3, headers });
    const ours = await load(`http://127.0.0.1:${port}/v1/whoami`, { seconds: 3, headers });
    const counted = await load(`http://127.0.0.1:${countedPort}/v1/whoami`, { seconds: 3, headers });
    if (bare.refused + ours.refused + counted.refused > 0)
      throw new Error('some requests were refused: the figures are worth nothing');
    rounds.push({
      bare: bare.requestsPerSecond,
      ours: ours.requestsPerSecond,
      counted: counted.requestsPerSecond,
    });
    console.log(
      `round ${round}: bare ${bare.requestsPerSecond.toFixed(0)}/s p99 ${bare.p99Ms} ms, ` +
        `authenticated and limited ${ours.requestsPerSecond.toFixed(0)}/s p99 ${ours.p99Ms} ms, ` +
        `ratio ${(ours.requestsPerSecond / bare.requestsPerSecond).toFixed(2)}, ` +
        `counted ${counted.requestsPerSecond.toFixed(0)}/s, ` +
        `ratio ${(counted.requestsPerSecond / bare.requestsPerSecond).toFixed(2)}`,
    );
  }
} finally {
  server.kill();
}
const ratio = median(rounds.map(({ bare, ours }) => ours / bare));
console.log(
  `median: bare ${median(rounds.map(({ bare }) => bare)).toFixed(0)}/s, ` +
    `ours ${median(rounds.map(({ ours }) => ours)).toFixed(0)}/s, ratio ${ratio.toFixed(2)} (budget 0.50)`,
);
console.log(
  `metrics: counted / not counted ${median(rounds.map(({ ours, counted }) => counted / ours)).toFixed(3)}, ` +
    `counted / bare ${median(rounds.map(({ bare, counted }) => counted / bare)).toFixed(2)}`,
);

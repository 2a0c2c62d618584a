/** Start to first answer of the router and its memory, idle and loaded, beside a bare Hono server. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { build } from 'esbuild';
import { startEmbeddedPostgres } from '../hosts/node/postgres/embedded-postgres.ts';
import { migrate } from '../db/migrate.ts';
import { readCommandLine } from '../lib/core/command-line.ts';
import { asImage } from './image.ts';
import { median } from './median.ts';
import { readMemory } from './resident-memory.ts';
import { buildRouter, makeDataDir, post, startRouter } from './router.ts';
import { load } from './wrk.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const usage = `Usage: npm run bench:start [-- [--image] [--node-option=OPTION ...]]

Needs wrk. Prints the time from spawn to first answer (database apart, 11 starts) and the resident memory, idle and after
ten seconds of GET /v1/me.

  --image         as the image has it: its NODE_OPTIONS and the settings of its allocator
  --node-option   an OPTION of node, such as --node-option=--max-old-space-size=96; may be given more than once

Exit codes: 0 printed, 1 it could not be measured, 2 wrong usage.
`;
const { values } = readCommandLine(usage, {
  options: {
    image: { type: 'boolean', default: false },
    'node-option': { type: 'string', multiple: true, default: [] },
  },
});
const nodeOptions = [...(values.image ? asImage.nodeOptions : []), ...values['node-option']];
const allocator = values.image ? asImage.env : {};
const starts = 11;

buildRouter();
const { dataDir, remove } = makeDataDir();
const postgres = await startEmbeddedPostgres({ dataDir });
await migrate(postgres.url, new URL('../db/migrations/', import.meta.url));
const env = { ...allocator, DATABASE_URL: postgres.url, DATA_DIR: dataDir, TRUSTED_PROXY_HOPS: '1' };

try {
  await (await startRouter(env, nodeOptions)).stop();
  const [bare, ours]: number[][] = [[], []];
  const bareFile = await buildBare();
  for (let i = 0; i < starts; i++) {
    bare?.push(await timeBare(bareFile));
    const router = await startRouter(env, nodeOptions);
    ours?.push(router.firstAnswerMs);
    await router.stop();
  }
  console.log(`node ${process.version} ${nodeOptions.join(' ')}`);
  console.log(`bare Hono, start to first answer: ${describe(bare ?? [])}`);
  console.log(`router, start to first answer:    ${describe(ours ?? [])}`);

  const router = await startRouter(env, nodeOptions);
  console.log(`router, resident memory idle:     ${readMemory(router.pid).toFixed(0)} MB`);
  const { access_token } = (await (
    await post(`${router.url}/v1/auth/register`, { email: 'load@example.com', password: 'a good password' })
  ).json()) as { access_token: string };
  // One caller has 100 requests a minute; what is over is refused and costs no statement, so both kinds are in it.
  const { requestsPerSecond } = await load(`${router.url}/v1/me`, {
    seconds: 10,
    headers: { Authorization: `Bearer ${access_token}` },
  });
  console.log(
    `router, resident memory loaded:   ${readMemory(router.pid).toFixed(0)} MB (${requestsPerSecond.toFixed(0)} requests/s)`,
  );
  await router.stop();
} finally {
  await postgres.stop();
  remove();
}

async function buildBare(): Promise<string> {
  const outfile = join(makeScratchFolder(), 'bare.mjs');
  await build({
    stdin: {
      resolveDir: process.cwd(),
      contents: `import { serve } from '@hono/node-server'; import { Hono } from 'hono';
        const app = new Hono().get('/health/live', (c) => c.json({ status: 'pass' }));
        serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log(port));`,
    },
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
  });
  return outfile;
}

async function timeBare(file: string): Promise<number> {
  const startedAt = performance.now();
  const child: ChildProcess = spawn(process.execPath, [...nodeOptions, file], {
    env: { ...process.env, ...allocator },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  await (await fetch(`http://127.0.0.1:${port.toString().trim()}/health/live`)).arrayBuffer();
  const taken = performance.now() - startedAt;
  child.kill();
  await once(child, 'exit');
  return taken;
}

function describe(times: readonly number[]): string {
  return `median ${median(times).toFixed(0)} ms, minimum ${Math.min(...times).toFixed(0)} ms`;
}

/** `npm run bench:gate`: a service behind a proxy, with the gate and without it, in one run. */
import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../lib/core/command-line.ts';
import { nginx, type Proxy, traefik } from './gate/proxy.ts';
import { bundleServer } from './bundle.ts';
import { median } from './median.ts';
import { load } from './wrk.ts';
import { makeScratchFolder } from './scratch-folder.ts';

const usage = `Usage: npm run bench:gate

Asks a service behind a proxy, with and without the gate before it, in turn, by the configurations of examples/proxies: one
that answers at once, and one that parses and writes 50 kB of JSON for each answer. Prints requests a second of both and the
ratio, for nginx and for Traefik where they are installed. Needs wrk.

Exit codes: 0 printed, 1 it could not be measured, 2 wrong usage.
`;
readCommandLine(usage, { options: {} });

const outfile = join(makeScratchFolder(), 'server.mjs');
await bundleServer(fileURLToPath(new URL('gate/server.ts', import.meta.url)), outfile);

const run = async (...args: readonly string[]) => {
  const child = fork(outfile, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  const [told] = (await once(child, 'message')) as [{ port: number; token: string }];
  return { child, ...told };
};
const gate = await run();
const headers = { Authorization: `Bearer ${gate.token}` };

/** Once the proxy listens. */
async function measure(proxy: Proxy, servicePort: number, guarded: boolean) {
  const own = `127.0.0.1:${20_000 + Math.floor(Math.random() * 12_000)}`;
  const addresses = { own, gate: `127.0.0.1:${gate.port}`, service: `127.0.0.1:${servicePort}` };
  const child = proxy.start(addresses, guarded);
  const stranger = () =>
    fetch(`http://${own}`).then(
      ({ status }) => status,
      () => 0,
    );
  let status = await stranger();
  for (; status === 0 || status === 404; status = await stranger()) await sleep(50);
  if (status !== (guarded ? 401 : 200)) throw new Error(`${proxy.name} answers a stranger ${status}`);
  await load(`http://${own}`, { seconds: 1, headers });
  const loaded = await load(`http://${own}`, { seconds: 3, headers });
  child.kill();
  await once(child, 'exit');
  if (loaded.refused > 0) throw new Error('some requests were refused: the figures are worth nothing');
  return loaded;
}

async function compare(proxy: Proxy, kilobytes: number): Promise<void> {
  const service = await run('service', String(kilobytes));
  const what = `${proxy.name}, ${kilobytes} kB of work`;
  const rounds: { open: number; guarded: number }[] = [];
  for (let round = 1; round <= 5; round++) {
    const open = await measure(proxy, service.port, false);
    const guarded = await measure(proxy, service.port, true);
    rounds.push({ open: open.requestsPerSecond, guarded: guarded.requestsPerSecond });
    console.log(
      `${what}, round ${round}: without ${open.requestsPerSecond.toFixed(0)}/s p50 ${open.p50Ms} ms p99 ${open.p99Ms} ms, ` +
        `with the gate ${guarded.requestsPerSecond.toFixed(0)}/s p50 ${guarded.p50Ms} ms p99 ${guarded.p99Ms} ms, ` +
        `ratio ${(guarded.requestsPerSecond / open.requestsPerSecond).toFixed(2)}`,
    );
  }
  service.child.kill();
  console.log(
    `${what}, median: without ${median(rounds.map(({ open }) => open)).toFixed(0)}/s, ` +
      `with the gate ${median(rounds.map(({ guarded }) => guarded)).toFixed(0)}/s, ` +
      `ratio ${median(rounds.map(({ open, guarded }) => guarded / open)).toFixed(2)} (aim 0.70)`,
  );
}

try {
  for (const kilobytes of [0, 50]) {
    if (spawnSync('/usr/sbin/nginx', ['-v']).status === 0) await compare(nginx, kilobytes);
    if (spawnSync('traefik', ['version']).status === 0) await compare(traefik, kilobytes);
  }
} finally {
  gate.child.kill();
}

/** Whether hashing holds the event loop: 32 logins in flight all the time, while /health/live is asked 200 times. */
import { readCommandLine } from '../lib/core/command-line.ts';
import { percentile } from '../scripts/structure/percentile.ts';
import { median } from './median.ts';
import { buildRouter, makeDataDir, post, startRouter } from './router.ts';

const usage = `Usage: npm run bench:hashing

Prints the p99 of /health/live, with 32 logins in flight all the time, beside the median of a login. The bar is a tenth.

Exit codes: 0 printed, 1 it could not be measured, 2 wrong usage.
`;
readCommandLine(usage, { options: {} });

buildRouter();
const { dataDir, remove } = makeDataDir();
const router = await startRouter({ DATA_DIR: dataDir, TRUSTED_PROXY_HOPS: '1' });
let addresses = 0;
let running = true;
const logins: number[] = [];

async function signIn(): Promise<void> {
  while (running) {
    const n = addresses++;
    const body = { email: `nobody-${n}@example.com`, password: 'not the password' };
    const startedAt = performance.now();
    const response = await post(`${router.url}/v1/auth/login`, body, {
      'X-Forwarded-For': `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`,
    });
    await response.arrayBuffer();
    if (response.status === 401) logins.push(performance.now() - startedAt);
  }
}

async function timeLive(): Promise<number> {
  const startedAt = performance.now();
  await (await fetch(`${router.url}/health/live`)).arrayBuffer();
  return performance.now() - startedAt;
}

try {
  const idle: number[] = [];
  for (let i = 0; i < 50; i++) idle.push(await timeLive());
  const workers = Array.from({ length: 32 }, signIn);
  while (logins.length < 64) await timeLive();
  const lives: number[] = [];
  for (let i = 0; i < 200; i++) lives.push(await timeLive());
  running = false;
  await Promise.all(workers);
  const p99 = percentile(lives, 99);
  const login = median(logins);
  console.log(`/health/live idle: median ${median(idle).toFixed(2)} ms`);
  console.log(
    `/health/live with 32 logins in flight: median ${median(lives).toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`,
  );
  console.log(`a login among 32: median ${login.toFixed(1)} ms (${logins.length} answered)`);
  console.log(`p99 of live / median of a login: ${(p99 / login).toFixed(3)} (the bar is 0.100)`);
} finally {
  await router.stop();
  remove();
}

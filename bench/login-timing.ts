/** Whether a stranger can tell by the clock that an address has an account: 200 logins of each kind, interleaved. */
import { readCommandLine } from '../lib/core/command-line.ts';
import { toAuc } from './auc.ts';
import { median } from './median.ts';
import { buildRouter, makeDataDir, post, startRouter } from './router.ts';

const usage = `Usage: npm run bench:login-timing

Prints the AUC of two distributions of 200 login times each: a known address with a wrong password, and an unknown
address. 0.50 is a coin; the bar is 0.45 to 0.55.

Exit codes: 0 printed, 1 it could not be measured, 2 wrong usage.
`;
readCommandLine(usage, { options: {} });

const samples = 200;
buildRouter();
const { dataDir, remove } = makeDataDir();
// Every request comes from an address of its own, as an attacker with many would send them: no limit is met.
const router = await startRouter({ DATA_DIR: dataDir, TRUSTED_PROXY_HOPS: '1' });
let addresses = 0;
const from = () => ({ 'X-Forwarded-For': `10.0.${addresses >> 8}.${addresses++ & 255}` });

async function timeLogin(email: string): Promise<number> {
  const startedAt = performance.now();
  const response = await post(`${router.url}/v1/auth/login`, { email, password: 'not the password' }, from());
  await response.arrayBuffer();
  if (response.status !== 401) throw new Error(`a login answered ${response.status}`);
  return performance.now() - startedAt;
}

try {
  // As many accounts as samples: an account takes a hundred failed passwords an hour and no more.
  for (let i = 0; i < samples; i++) {
    const body = { email: `known-${i}@example.com`, password: 'correct horse battery staple' };
    const response = await post(`${router.url}/v1/auth/register`, body, from());
    if (response.status !== 201) throw new Error(`a registration answered ${response.status}`);
    await response.arrayBuffer();
  }
  for (let i = 0; i < samples; i++) {
    await timeLogin(`known-${i}@example.com`);
    await timeLogin(`nobody-${i}@example.com`);
  }
  const known: number[] = [];
  const unknown: number[] = [];
  for (let i = 0; i < samples; i++) {
    const kinds = [
      async () => known.push(await timeLogin(`known-${i}@example.com`)),
      async () => unknown.push(await timeLogin(`nobody-${i}@example.com`)),
    ];
    // Whichever goes first may find a warmer machine, so they take turns.
    if (i % 2 === 1) kinds.reverse();
    for (const kind of kinds) await kind();
    if ((i + 1) % 50 === 0) console.log(`${i + 1} of ${samples} pairs`);
  }
  console.log(`known address, wrong password: median ${median(known).toFixed(2)} ms`);
  console.log(`unknown address:               median ${median(unknown).toFixed(2)} ms`);
  console.log(`AUC ${toAuc(known, unknown).toFixed(3)} (0.500 is a coin; the bar is 0.450 to 0.550)`);
} finally {
  await router.stop();
  remove();
}

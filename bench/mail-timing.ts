/** Whether a stranger can tell by the clock, at an endpoint that mails something, that an address has an account. */
import { readCommandLine } from '../lib/core/command-line.ts';
import { toAuc } from './auc.ts';
import { median } from './median.ts';
import { buildRouter, makeDataDir, post, startRouter } from './router.ts';

const usage = `Usage: npm run bench:mail-timing

For each mailing endpoint, prints the AUC of two distributions of 200 times each: addresses that have an account, and
addresses that have none. 0.50 is a coin; the bar is 0.45 to 0.55.

Exit codes: 0 printed, 1 it could not be measured, 2 wrong usage.
`;
readCommandLine(usage, { options: {} });

const samples = 200;
const password = 'correct horse battery staple';

interface MailingEndpoint {
  readonly path: string;
  readonly body: (email: string) => object;
  readonly env?: Readonly<Record<string, string>>;
}

const email = (address: string) => ({ email: address });
const endpoints: readonly MailingEndpoint[] = [
  { path: '/v1/auth/magic-link', body: email },
  { path: '/v1/auth/magic-link', body: email, env: { SIGN_UP: 'closed' } },
  { path: '/v1/auth/email/resend', body: email },
  { path: '/v1/auth/password/forgot', body: email },
  {
    path: '/v1/auth/register',
    body: (address) => ({ email: address, password }),
    env: { REQUIRE_EMAIL_VERIFICATION: 'true' },
  },
];

buildRouter();
const { dataDir, remove } = makeDataDir();
let addresses = 0;
// Every request comes from an address of its own, as an attacker with many would send them: no limit is met.
const from = () => ({
  'X-Forwarded-For': `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses++ & 255}`,
});

async function timeOne(url: string, { path, body }: MailingEndpoint, address: string): Promise<number> {
  const startedAt = performance.now();
  const response = await post(`${url}${path}`, body(address), from());
  await response.arrayBuffer();
  if (response.status !== 202) throw new Error(`${path} answered ${response.status}`);
  return performance.now() - startedAt;
}

async function measure(endpoint: MailingEndpoint, run: number): Promise<void> {
  const known: number[] = [];
  const unknown: number[] = [];
  const open = await startRouter({ DATA_DIR: dataDir, TRUSTED_PROXY_HOPS: '1' });
  try {
    for (let i = 0; i < samples; i++) {
      const account = { email: `known-${run}-${i}@example.com`, password };
      const response = await post(`${open.url}/v1/auth/register`, account, from());
      if (response.status !== 201) throw new Error(`a registration answered ${response.status}`);
      await response.arrayBuffer();
    }
  } finally {
    await open.stop();
  }
  const router = await startRouter({ DATA_DIR: dataDir, TRUSTED_PROXY_HOPS: '1', ...endpoint.env });
  try {
    for (let i = 0; i < 50; i++) await timeOne(router.url, endpoint, `warm-${run}-${i}@example.com`);
    for (let i = 0; i < samples; i++) {
      const kinds = [
        async () => known.push(await timeOne(router.url, endpoint, `known-${run}-${i}@example.com`)),
        async () => unknown.push(await timeOne(router.url, endpoint, `nobody-${run}-${i}@example.com`)),
      ];
      // Whichever goes first may find a warmer machine, so they take turns.
      if (i % 2 === 1) kinds.reverse();
      for (const kind of kinds) await kind();
    }
  } finally {
    await router.stop();
  }
  const told = Object.entries(endpoint.env ?? {}).map(([name, value]) => ` ${name}=${value}`);
  console.log(
    `${endpoint.path}${told.join('')}: known ${median(known).toFixed(2)} ms, unknown ${median(unknown).toFixed(2)} ms, ` +
      `AUC ${toAuc(known, unknown).toFixed(3)}`,
  );
}

try {
  for (const [run, endpoint] of endpoints.entries()) await measure(endpoint, run);
  console.log('0.500 is a coin; the bar is 0.450 to 0.550');
} finally {
  remove();
}

/** Whether a stranger can tell by the clock, at an endpoint that mails something, that an address has an account. */
import * as z from 'zod/mini';
import { createDatabaseClient } from '../db/client.ts';
import { openCommandDatabase } from '../hosts/node/command-database.ts';
import { readCommandLine } from '../lib/core/command-line.ts';
import { toAuc } from './auc.ts';
import { median } from './median.ts';
import { buildRouter, makeDataDir, post, startRouter } from './router.ts';

const usage = `Usage: npm run bench:mail-timing

For each endpoint that mails something or takes a mailed code, prints the AUC of two distributions of 700 times each:
addresses that have an account, and addresses that have none. 0.50 is a coin; the bar is 0.45 to 0.55.

Exit codes: 0 printed, 1 it could not be measured, 2 wrong usage.
`;
readCommandLine(usage, { options: {} });

const samples = 700;
const warmups = 50;
const password = 'correct horse battery staple';

interface Endpoint {
  /** `:id` is the organization of who is signed in. */
  readonly path: string;
  readonly body: (email: string) => object;
  readonly status: number;
  readonly env?: Readonly<Record<string, string>>;
  /** An endpoint at which the owner has had a code mailed before the stranger guesses. */
  readonly askedAt?: string;
  /** Who asks is signed in, with a verified address; after so many requests somebody else does. */
  readonly perCaller?: number;
}

const email = (address: string) => ({ email: address });
// Of the stranger and not of the owner who asked: nothing else would be measured of an attack.
const guess = (address: string) => ({ email: address, code: '000000', binding: 'b'.repeat(43) });
const endpoints: readonly Endpoint[] = [
  { path: '/v1/auth/magic-link', body: email, status: 202 },
  { path: '/v1/auth/magic-link', body: email, status: 202, env: { SIGN_UP: 'closed' } },
  { path: '/v1/auth/email/resend', body: email, status: 202 },
  { path: '/v1/auth/password/forgot', body: email, status: 202 },
  {
    path: '/v1/auth/register',
    body: (address) => ({ email: address, password }),
    status: 202,
    env: { REQUIRE_EMAIL_VERIFICATION: 'true' },
  },
  {
    path: '/v1/auth/email/change',
    body: (address) => ({ email: address, password }),
    status: 202,
    perCaller: Infinity,
  },
  {
    path: '/v1/organizations/:id/invitations',
    body: (address) => ({ email: address, role: 'member' }),
    status: 201,
    perCaller: 30, // the limit `invitations`
  },
  { path: '/v1/auth/magic-link/verify', body: guess, status: 401, askedAt: '/v1/auth/magic-link' },
  { path: '/v1/auth/email/verify', body: guess, status: 401, askedAt: '/v1/auth/email/resend' },
  {
    path: '/v1/auth/password/reset',
    body: (address) => ({ ...guess(address), new_password: `${password} again` }),
    status: 401,
    askedAt: '/v1/auth/password/forgot',
  },
];

buildRouter();
const { dataDir, remove } = makeDataDir();
let addresses = 0;
// Every request comes from an address of its own, as an attacker with many would send them: no limit is met.
const from = () => ({
  'X-Forwarded-For': `10.${addresses >> 16}.${(addresses >> 8) & 255}.${addresses++ & 255}`,
});

interface Caller {
  readonly authorization: string;
  readonly organizationId: string;
}

async function timeOne(url: string, endpoint: Endpoint, address: string, caller?: Caller): Promise<number> {
  const { path, body, status } = endpoint;
  const startedAt = performance.now();
  const response = await post(`${url}${path.replace(':id', caller?.organizationId ?? '')}`, body(address), {
    ...from(),
    ...(caller && { Authorization: caller.authorization }),
  });
  await response.arrayBuffer();
  if (response.status !== status) throw new Error(`${path} answered ${response.status}`);
  return performance.now() - startedAt;
}

const Registered = z.object({ access_token: z.string(), organization: z.object({ id: z.string() }) });

async function register(url: string, address: string): Promise<Caller> {
  const response = await post(`${url}/v1/auth/register`, { email: address, password }, from());
  if (response.status !== 201) throw new Error(`a registration answered ${response.status}`);
  const { access_token, organization } = Registered.parse(await response.json());
  return { authorization: `Bearer ${access_token}`, organizationId: organization.id };
}

/** @param perCaller how often one of them asks */
async function registerCallers(url: string, run: number, perCaller: number): Promise<readonly Caller[]> {
  const callers: Caller[] = [];
  const count = Math.ceil((warmups + 2 * samples) / perCaller) || 1;
  for (let i = 0; i < count; i++) callers.push(await register(url, `caller-${run}-${i}@example.com`));
  const { url: databaseUrl, close } = await openCommandDatabase({ DATA_DIR: dataDir });
  const database = createDatabaseClient({ url: databaseUrl });
  try {
    await database.sql`update users set email_verified_at = now() where email like ${`caller-${run}-%`}`;
  } finally {
    await database.close();
    await close();
  }
  return callers;
}

async function prepare({ perCaller }: Endpoint, run: number): Promise<readonly Caller[]> {
  const open = await startRouter({ DATA_DIR: dataDir, TRUSTED_PROXY_HOPS: '1' });
  try {
    for (let i = 0; i < samples; i++) await register(open.url, `known-${run}-${i}@example.com`);
    return perCaller === undefined ? [] : await registerCallers(open.url, run, perCaller);
  } finally {
    await open.stop();
  }
}

async function measure(endpoint: Endpoint, run: number): Promise<void> {
  const known: number[] = [];
  const unknown: number[] = [];
  const callers = await prepare(endpoint, run);
  const router = await startRouter({ DATA_DIR: dataDir, TRUSTED_PROXY_HOPS: '1', ...endpoint.env });
  let asked = 0;
  const time = (address: string) =>
    timeOne(router.url, endpoint, address, callers[Math.floor(asked++ / (endpoint.perCaller ?? 1))]);
  try {
    for (let i = 0; endpoint.askedAt !== undefined && i < samples; i++) {
      const mailed = await post(
        `${router.url}${endpoint.askedAt}`,
        email(`known-${run}-${i}@example.com`),
        from(),
      );
      await mailed.arrayBuffer();
    }
    for (let i = 0; i < warmups; i++) await time(`warm-${run}-${i}@example.com`);
    for (let i = 0; i < samples; i++) {
      const kinds = [
        async () => known.push(await time(`known-${run}-${i}@example.com`)),
        async () => unknown.push(await time(`nobody-${run}-${i}@example.com`)),
      ];
      // Whichever goes first may find a warmer machine. By chance and not in turns: what happens at every second request,
      // such as a collection of garbage, would fall on one of them always.
      if (Math.random() < 0.5) kinds.reverse();
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

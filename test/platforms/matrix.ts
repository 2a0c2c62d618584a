/** Every function on every platform: the contract, column by column, each with a database of its own. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import postgres from 'postgres';
import { createPrivateKey } from '../../lib/security/jwt.ts';
import { createTestDatabase } from '../support/database.ts';
import { settleTrail } from '../support/settled-trail.ts';
import { type ContractRun, corsOrigin, findDifferences, runContract } from '../../contract/contract.ts';
import { currentNodeVersion, findCurrentNode } from './current-node.ts';
import { forcedDifferences } from '../../contract/differences.ts';
import { withoutRuntime } from './executables.ts';
import {
  type Deployment,
  type DeploymentTarget,
  startBehindRouter,
  startEach,
  startRouter,
} from './runtime.ts';
import { cronSecret, gateAudience } from '../../contract/story-steps.ts';

export interface Column {
  readonly title: string;
  /** Why it can't be run here, or false. */
  readonly skipped: string | false;
  readonly start: (env: Readonly<Record<string, string>>) => Promise<Deployment>;
  /** Whether the platform itself tells who calls, so that no proxy is counted. */
  readonly providesClientAddress: boolean;
}

export interface ColumnRun extends ContractRun {
  /** One line for each answer that is another one than the router's, forced ones apart. */
  readonly differences: readonly string[];
}

const targets: Readonly<Record<DeploymentTarget, string>> = {
  cloudflare: 'workerd',
  deno: 'Deno',
  bun: 'Bun',
  lambda: 'Lambda',
  vercel: 'Vercel',
  netlify: 'Netlify',
};

/**
 * Builds everything into a folder, and says what there is to run.
 *
 * @param folder inside the checkout, where the router finds its native packages
 * @throws {Error} with what the build said
 */
export function buildColumns(folder: string): readonly Column[] {
  for (const command of [
    ['scripts/build.ts', 'router', '--quiet', '--out', folder],
    ['scripts/bundle.ts', '--quiet', '--out', folder],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', ...command], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
  }
  const router = join(folder, 'router');
  const node = findCurrentNode();
  const missing = node === undefined && `npm has no Node ${currentNodeVersion} for this machine`;
  return [
    {
      title: `router, Node ${major(process.versions.node)}`,
      skipped: false,
      providesClientAddress: false,
      start: (env) => startRouter({ folder: router, env }),
    },
    {
      title: `router, Node ${major(currentNodeVersion)}`,
      skipped: missing,
      providesClientAddress: false,
      start: (env) => startRouter({ folder: router, env, ...(node !== undefined && { node }) }),
    },
    ...(Object.keys(targets) as DeploymentTarget[]).map((target) => ({
      title: targets[target],
      skipped: withoutRuntime(target),
      providesClientAddress: !['deno', 'bun'].includes(target),
      start: (env: Readonly<Record<string, string>>) =>
        startEach(target, { folder: join(folder, target), env, ...(node !== undefined && { node }) }),
    })),
    {
      title: 'workerd, router',
      skipped: withoutRuntime('cloudflare'),
      providesClientAddress: true,
      start: (env) => startBehindRouter({ folder: join(folder, 'cloudflare'), env }),
    },
  ];
}

const major = (version: string) => version.split('.')[0] ?? '';

/** @param rest Redis over REST, shared by all columns: their keys differ by the secret */
export async function runColumn(
  column: Column,
  rest: { readonly url: string; readonly token: string },
  reference?: ContractRun,
): Promise<ColumnRun> {
  const database = await createTestDatabase();
  const sql = postgres(database.url, { max: 1 });
  let deployment: Deployment | undefined;
  try {
    deployment = await column.start({
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://api.example.com',
      DATABASE_URL: database.url,
      UPSTASH_REDIS_REST_URL: rest.url,
      UPSTASH_REDIS_REST_TOKEN: rest.token,
      JWT_PRIVATE_KEYS: privateKeys,
      TOKEN_SECRET: `a secret of the column "${column.title.replace(',', '')}" that is long enough`,
      REQUIRE_EMAIL_VERIFICATION: 'false',
      CORS_ORIGINS: corsOrigin,
      CRON_SECRET: cronSecret,
      GATE_AUDIENCES: gateAudience,
      HOME_PAGE: 'show',
      // Nobody is there, and an answer waits for no email.
      RESEND_API_KEY: 'a-key-of-the-tests',
      RESEND_BASE_URL: 'http://127.0.0.1:9',
      MAIL_FROM: 'Blockbot <no-reply@example.com>',
      ...(!column.providesClientAddress && { TRUSTED_PROXY_HOPS: '1' }),
    });
    const run = await runContract({ ...deployment, settleTrail: () => settleTrail({ sql }) });
    const isForced = (difference: Parameters<(typeof forcedDifferences)[number]['holds']>[0]) =>
      forcedDifferences.some(({ holds }) => holds(difference));
    return { ...run, differences: reference ? findDifferences(reference, run, isForced) : [] };
  } catch (cause) {
    throw new Error(`${column.title} said: ${deployment?.said() ?? 'nothing, for it did not start'}`, {
      cause,
    });
  } finally {
    await deployment?.close();
    await sql.end();
    await database.drop();
  }
}

const privateKeys = JSON.stringify({ keys: [await createPrivateKey('ES256')] });

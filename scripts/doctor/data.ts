/** Postgres and Redis: whether they can be reached, and whether they are as Blockbot needs them. */
import { readFile } from 'node:fs/promises';
import type { Requester } from '@upstash/redis';
import { askRedis } from '../../hosts/node/redis/command-redis.ts';
import { openConnection } from '../../db/connection.ts';
import { withDeadline } from '../../db/deadline.ts';
import { toHung } from '../../db/outage.ts';
import type { Environment } from '../../lib/core/env.ts';
import { toErrorMessage } from '../../lib/core/error-message.ts';
import { fail, type Finding, ok, skipped, warn } from './finding.ts';

const timeoutMs = 5000;

/** @param migrations the folder, with a slash at its end */
export async function examineDatabase(url: string, migrations: URL): Promise<Finding[]> {
  const { sql, open, destroy } = openConnection(url, { statementTimeoutMs: timeoutMs });
  const name = 'database';
  try {
    await withDeadline(timeoutMs, open(), toHung);
    const [server] = await withDeadline(
      timeoutMs,
      sql<{ version: number; skew: number }[]>`
        select current_setting('server_version_num')::int as version,
          extract(epoch from clock_timestamp())::float8 as skew`,
      toHung,
    );
    const findings = [ok(name, 'answers')];
    if ((server?.version ?? 0) < 150_000) {
      findings.push(
        fail(name, 'is older than Postgres 15', 'Move to a supported major version by dump and restore'),
      );
    }
    const skew = Math.abs((server?.skew ?? 0) - Date.now() / 1000);
    if (skew > 5) {
      findings.push(
        warn('clock', `the database's clock is ${skew.toFixed(0)} s off ours`, 'Start NTP on both machines'),
      );
    }
    const [{ there } = { there: false }] = await sql<{ there: boolean }[]>`
      select to_regclass('drizzle.__drizzle_migrations') is not null as there`;
    const applied = there
      ? await sql<{ when: string | null }[]>`select created_at as when from drizzle.__drizzle_migrations`
      : [];
    findings.push(await judgeLevel(new Set(applied.map(({ when }) => Number(when))), migrations));
    if (there) findings.push(await judgeSessionAddresses(sql));
    return findings;
  } catch (error) {
    return [
      fail(
        name,
        toErrorMessage(error),
        'Is it up (docker compose ps postgres), are host and password in database_url right, and was the password ' +
          'changed after the first start (DEPLOYMENT.md, Rotate the database password)?',
      ),
    ];
  } finally {
    destroy();
  }
}

async function judgeLevel(applied: ReadonlySet<number>, migrations: URL): Promise<Finding> {
  const journal = JSON.parse(await readFile(new URL('meta/_journal.json', migrations), 'utf8')) as {
    entries: readonly { tag: string; when: number }[];
  };
  const missing = journal.entries.filter(({ when }) => !applied.has(when)).map(({ tag }) => tag);
  const foreign = [...applied].filter((when) => !journal.entries.some((entry) => entry.when === when)).length;
  const name = 'migrations';
  if (missing.length > 0) {
    return fail(
      name,
      `not applied: ${missing.join(', ')}`,
      'docker compose -f docker-compose.prod.yml run --rm migrate',
    );
  }
  if (foreign > 0) {
    return warn(
      name,
      `${foreign} applied that this version does not know`,
      'A newer version ran here: older ones work beside it by design, but update soon',
    );
  }
  return ok(name, `all ${journal.entries.length} applied`);
}

/**
 * What proxies made of callers. A single private address is too many: who comes by IPv6 while the network has none is the bridge,
 * and shares their limits with everybody else who does.
 */
async function judgeSessionAddresses(sql: ReturnType<typeof openConnection>['sql']): Promise<Finding> {
  const name = 'client addresses';
  const [row] = await sql<{ all: number; private: number; distinct: number }[]>`
    select count(*)::int as "all", count(distinct address)::int as "distinct",
      (count(*) filter (where address <<= any (array['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '127.0.0.0/8',
        'fc00::/7', '::1/128']::inet[])))::int as "private"
    from refresh_tokens where created_at > now() - interval '7 days' and address is not null`;
  if (!row || row.all === 0) return skipped(name, 'nobody has signed in for a week');
  if (row.private > 0) {
    return warn(
      name,
      `${row.private} of the ${row.all} sessions of this week came from private addresses`,
      'They share one limit. All of them: count every proxy in TRUSTED_PROXY_HOPS. Some: they come by IPv6, and the ' +
        'network `web` has none (DEPLOYMENT.md, Troubleshooting); or from a network of your own, which is well',
    );
  }
  return ok(name, `${row.distinct} different ones among the ${row.all} sessions of this week`);
}

export async function examineRedis(environment: Environment): Promise<Finding[]> {
  const name = 'redis';
  try {
    const findings = await askRedis(environment, async (redis) => {
      const { error } = await redis.request({ body: ['PING'] });
      if (error !== undefined) throw new Error(error);
      const reached = environment.REDIS_URL === undefined ? ok(name, 'answers') : await judgeServer(redis);
      return [reached, judgeEviction(await redis.request({ body: ['INFO', 'memory'] }))];
    });
    return findings ?? [skipped(name, 'none is named')];
  } catch (error) {
    return [
      fail(
        name,
        toErrorMessage(error),
        'Requests go on with limits of each process alone. Is it up (docker compose ps redis redis-rest), is the ' +
          'token or password right?',
      ),
    ];
  }
}

/** One server has all keys, also that of a cluster of one. */
async function judgeServer(requester: Requester): Promise<Finding> {
  const { result } = await requester.request<string>({ body: ['CLUSTER', 'INFO'] });
  const size = Number(/^cluster_size:(\d+)/m.exec(String(result ?? ''))?.[1] ?? 1);
  if (size <= 1) return ok('redis', 'answers');
  return fail(
    'redis',
    `REDIS_URL names one node of a cluster of ${size}`,
    'The other nodes have most keys, and their limits are of each process alone. Name some nodes by REDIS_CLUSTER_URLS instead',
  );
}

function judgeEviction({ result: info, error }: { result?: unknown; error?: string }): Finding {
  const name = 'redis eviction';
  if (error !== undefined) return skipped(name, `its policy could not be asked for: ${error}`);
  const policy = /^maxmemory_policy:(\S+)/m.exec(String(info))?.[1];
  if (policy === undefined) return skipped(name, 'this Redis does not tell its policy');
  if (policy.startsWith('allkeys')) {
    return fail(
      name,
      `maxmemory-policy is ${policy}`,
      'Whoever fills Redis erases lockouts: set volatile-ttl (limits only) or noeviction',
    );
  }
  return ok(name, `maxmemory-policy is ${policy}`);
}

/** One Postgres, one Redis, and as many routers as told, with the settings of a deployment. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openConnection } from '../../db/connection.ts';
import { migrate } from '../../db/migrate.ts';
import { createPrivateKey } from '../../lib/security/jwt.ts';
import { startRedis, type RedisServer } from '../../test/support/redis-server.ts';
import { type Asker, createAsker, type Answered, type Question } from '../asker.ts';
import { startConfiguredPostgres } from '../configured-postgres.ts';
import { asImage } from '../image.ts';
import { type BenchRouter, makeDataDir, startRouter } from '../router.ts';

export const audience = 'shop';
export const publicUrl = 'http://127.0.0.1:3000';
export const tokenSecret = 'a secret of this benchmark that is long enough';

export interface Site {
  readonly databaseUrl: string;
  readonly postgresPid: number;
  readonly redis: RedisServer & { readonly pid: number };
  readonly privateKey: Awaited<ReturnType<typeof createPrivateKey>>;
  /** @param settings in place of those of the deployment; an empty one counts as none */
  readonly startFleet: (processes: number, settings?: Readonly<Record<string, string>>) => Promise<Fleet>;
  readonly stop: () => Promise<void>;
}

/** Routers side by side: each request goes to the next one, as a load balancer has it. */
export interface Fleet {
  readonly pids: readonly number[];
  readonly urls: readonly string[];
  readonly ask: (question: Question, address: string) => Promise<Answered>;
  readonly stop: () => Promise<void>;
}

/** @throws when there is no redis-server */
export async function openSite(): Promise<Site> {
  const { dataDir, remove } = makeDataDir();
  // As deploy/redis/start.sh has it.
  const redis = await startRedis('--appendonly', 'yes', '--appendfsync', 'everysec');
  const postgres = await startCountingPostgres(dataDir);
  await migrate(postgres.url, new URL('../../db/migrations/', import.meta.url));
  const privateKey = await createPrivateKey('ES256');
  const env = {
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    PUBLIC_URL: publicUrl,
    DATA_DIR: dataDir,
    TRUSTED_PROXY_HOPS: '1',
    TOKEN_SECRET: tokenSecret,
    JWT_PRIVATE_KEYS: JSON.stringify({ keys: [privateKey] }),
    GATE_AUDIENCES: audience,
  };
  return {
    databaseUrl: postgres.url,
    postgresPid: Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n', 1)[0]),
    redis: { ...redis, pid: Number(/process_id:(\d+)/.exec(redis.run('info', 'server'))?.[1]) },
    privateKey,
    startFleet: async (processes, settings = {}) => {
      const routers: BenchRouter[] = [];
      for (let nth = 0; nth < processes; nth++)
        routers.push(await startRouter({ ...asImage.env, ...env, ...settings }, asImage.nodeOptions));
      return toFleet(routers);
    },
    stop: async () => {
      await postgres.stop();
      await redis.close();
      remove();
    },
  };
}

function toFleet(routers: readonly BenchRouter[]): Fleet {
  const askers = routers.map(({ url }) => createAsker(url, { maxSockets: 64 }));
  let turn = 0;
  const next = (): Asker => {
    const asker = askers[turn++ % askers.length];
    if (!asker) throw new RangeError('A fleet has one router at least');
    return asker;
  };
  return {
    pids: routers.map(({ pid }) => pid),
    urls: routers.map(({ url }) => url),
    ask: (question, address) => next().ask(question, address),
    stop: async () => {
      for (const { close } of askers) close();
      await Promise.all(routers.map(({ stop }) => stop()));
    },
  };
}

/** It counts its statements by an extension, which it loads when it starts. */
async function startCountingPostgres(dataDir: string) {
  const settings = { shared_preload_libraries: 'pg_stat_statements', max_connections: 200 };
  const postgres = await startConfiguredPostgres(dataDir, settings);
  const admin = openConnection(toAdministration(postgres.url));
  await admin.sql.unsafe('create extension pg_stat_statements');
  await admin.close();
  return postgres;
}

/** The database beside that of the routers, so that what asks about them is not counted with them. */
export function toAdministration(databaseUrl: string): string {
  return Object.assign(new URL(databaseUrl), { pathname: '/postgres' }).href;
}

/** What a site has used up to now, by resource. */
import type postgres from 'postgres';
import { readFamilyTime, readProcessorTime } from '../processor-time.ts';
import type { Fleet, Site } from './site.ts';

export interface Usage {
  /** Milliseconds of a processor. */
  readonly routerMs: number;
  readonly postgresMs: number;
  readonly redisMs: number;
  readonly callersMs: number;
  readonly statements: number;
  readonly walBytes: number;
  /** Whole pages in the WAL: the first change of each after a checkpoint. Up to 8 kB of `walBytes` each. */
  readonly walPages: number;
  /** Commands that routers sent to Redis, and all that ran there, those inside of scripts among them. */
  readonly redisCommands: number;
  readonly redisOperations: number;
}

const sentCommands = new Set(['evalsha', 'eval', 'hmget', 'del']);

/** @param admin a connection to the database beside that of the routers */
export async function readUsage(
  { postgresPid, redis }: Pick<Site, 'postgresPid' | 'redis'>,
  { pids }: Pick<Fleet, 'pids'>,
  admin: postgres.Sql,
): Promise<Usage> {
  const [counted] = await admin.unsafe<{ statements: number; walPages: number; walBytes: number }[]>(`
    select coalesce(sum(calls), 0)::float8 as statements, coalesce(sum(wal_fpi), 0)::float8 as wal_pages,
      pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as wal_bytes
    from pg_stat_statements join pg_database on pg_database.oid = dbid where datname = 'blockbot'`);
  if (!counted) throw new Error('Postgres told nothing');
  const own = process.cpuUsage();
  return {
    ...counted,
    ...readCommands(redis.run('info', 'commandstats')),
    routerMs: pids.reduce((sum, pid) => sum + readProcessorTime(pid), 0) / 1000,
    postgresMs: readFamilyTime(postgresPid) / 1000,
    redisMs: readProcessorTime(redis.pid) / 1000,
    callersMs: (own.user + own.system) / 1000,
  };
}

function readCommands(text: string): Pick<Usage, 'redisCommands' | 'redisOperations'> {
  let [redisCommands, redisOperations] = [0, 0];
  for (const [, name = '', calls] of text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)) {
    redisOperations += Number(calls);
    if (sentCommands.has(name)) redisCommands += Number(calls);
  }
  return { redisCommands, redisOperations };
}

/** From one reading to the next, for each of so many requests. */
export function toCosts(before: Usage, after: Usage, requests: number): Usage {
  return mapUsage((name) => (after[name] - before[name]) / requests);
}

export function mapUsage(value: (name: keyof Usage) => number): Usage {
  return {
    routerMs: value('routerMs'),
    postgresMs: value('postgresMs'),
    redisMs: value('redisMs'),
    callersMs: value('callersMs'),
    statements: value('statements'),
    walBytes: value('walBytes'),
    walPages: value('walPages'),
    redisCommands: value('redisCommands'),
    redisOperations: value('redisOperations'),
  };
}

export const toProcessorMs = ({ routerMs, postgresMs, redisMs, callersMs }: Usage): number =>
  routerMs + postgresMs + redisMs + callersMs;

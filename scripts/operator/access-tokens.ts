/** Access tokens that are out already when a command ends what they stand on. */
import { readFileSync } from 'node:fs';
import { Redis } from '@upstash/redis';
import type { Sql } from '../../db/sql.ts';
import { askRedis } from '../../hosts/node/redis/command-redis.ts';
import type { RedisVariables } from '../../hosts/node/redis/rate-limits.ts';
import { toErrorMessage } from '../../lib/core/error-message.ts';
import { findRedisContradictions, redisSecretNames, redisVariables } from '../../lib/core/redis-variables.ts';
import { parseVariables } from '../../lib/core/variables.ts';
import { writeRevocations } from '../../lib/rate-limit/redis-revocations.ts';
import { accessTokenLifetime } from '../../lib/security/jwt.ts';
import {
  endTokensOfMembers,
  endTokensOfOrganization,
  type MemberTokens,
  type Revoker,
} from '../../lib/sessions/token-revocation.ts';

/** Whether they are refused from now on, or expire by themselves: because no Redis is named, or because it could not be told. */
export type AccessTokens = 'refused' | 'expire' | 'redis-away';

/** To be called after the commit: a token of before may be issued until then. */
export interface AccessTokenEnd {
  /**
   * Not for good: who may sign in again gets tokens that count.
   *
   * @param organizationIds of organizations whose API keys may have ended with it: what is known of them is looked up again
   */
  readonly ofUser: (sql: Sql, userId: string, organizationIds?: readonly string[]) => Promise<AccessTokens>;
  /** Those that tell of the organization: one refresh brings one that says what is true. */
  readonly ofMember: (sql: Sql, member: MemberTokens) => Promise<AccessTokens>;
  /** What is known of its API keys among them. */
  readonly ofOrganization: (sql: Sql, organizationId: string) => Promise<AccessTokens>;
}

/**
 * Over the Redis of the routers, where the environment names it.
 *
 * @throws {EnvironmentError} where it names one that a router would not start with: before anything is done
 */
export function openAccessTokens(): AccessTokenEnd {
  const redis = parseVariables(redisVariables, process.env, {
    secretNames: redisSecretNames,
    readFile: (path) => readFileSync(path, 'utf8'),
    contradictions: findRedisContradictions,
  });
  return {
    ofUser: (sql, userId, organizationIds = []) => {
      const subjects = [`user:${userId}`, ...organizationIds.map((id) => `organization:${id}`)];
      return end(sql, redis, ({ rateLimits }, at) =>
        rateLimits.revoke(
          subjects.map((subject) => ({ subject, parts: ['all'], at, lastsMs: accessTokenLifetime * 1000 })),
        ),
      );
    },
    ofMember: (sql, member) => end(sql, redis, (revoker, at) => endTokensOfMembers(revoker, [member], at)),
    ofOrganization: (sql, organizationId) =>
      end(sql, redis, (revoker, at) => endTokensOfOrganization(revoker, organizationId, at)),
  };
}

/** @param revoke as of the time that it is given, by the clock that tokens are dated by */
async function end(
  sql: Sql,
  variables: RedisVariables,
  revoke: (revoker: Revoker, at: number) => Promise<void>,
): Promise<AccessTokens> {
  try {
    const ended = await askRedis(variables, async (requester): Promise<AccessTokens> => {
      const redis = new Redis(requester);
      const revoker: Revoker = {
        rateLimits: { revoke: (revocations) => writeRevocations(redis, revocations) },
      };
      await revoke(revoker, await readTime(sql));
      return 'refused';
    });
    return ended ?? 'expire';
  } catch (error) {
    process.stderr.write(`${toErrorMessage(error)}\n`);
    return 'redis-away';
  }
}

async function readTime(sql: Sql): Promise<number> {
  const [row] = await sql<{ now: Date }>`select clock_timestamp() as now`;
  if (!row) throw new Error('the database has no time');
  return row.now.getTime();
}

/** A line for people. */
export function toAccessTokenNote(access: AccessTokens | undefined): string {
  if (access === undefined) return '';
  if (access === 'refused') return 'Access tokens that are out already are refused from now on.\n';
  const reason = access === 'expire' ? 'no Redis is named here' : 'Redis could not be told';
  return `Access tokens that are out already go on for up to 15 minutes where nothing but the token is looked at: ${reason}.\n`;
}

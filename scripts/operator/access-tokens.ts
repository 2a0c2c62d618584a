/** Access tokens that are out already when a command ends what they stand on. */
import { readFileSync } from 'node:fs';
import { Redis } from '@upstash/redis';
import { withDeadline } from '../../db/deadline.ts';
import type { Sql } from '../../db/sql.ts';
import { createKeyedStore } from '../../hosts/core/shared-rate-limits.ts';
import { connectRedis } from '../../hosts/node/redis/rate-limits.ts';
import { createKeyring, type Keyring } from '../../lib/core/keyring.ts';
import { tokenSecrets } from '../../lib/core/token-secrets.ts';
import { optional, parseVariables, text, toList, type Variables } from '../../lib/core/variables.ts';
import type { RateLimitStore } from '../../lib/rate-limit/store.ts';
import { accessTokenLifetime } from '../../lib/security/jwt.ts';
import { endTokensOfMembers, type MemberTokens } from '../../lib/sessions/token-revocation.ts';

/** Whether they are refused from now on, or expire by themselves: because no Redis is named, or because it is away. */
export type AccessTokens = 'refused' | 'expire' | 'redis-away';

/** To be called after the commit: a token of before may be issued until then. */
export interface AccessTokenEnd {
  /**
   * Not for good: who may sign in again gets tokens that count.
   *
   * @param organizationIds of organizations that went with the account, whose API keys are refused too
   */
  readonly ofUser: (sql: Sql, userId: string, organizationIds?: readonly string[]) => Promise<AccessTokens>;
  /** Those that tell of the organization: one refresh brings one that says what is true. */
  readonly ofMember: (sql: Sql, member: MemberTokens) => Promise<AccessTokens>;
}

const environmentVariables = {
  REDIS_URL: optional(text),
  REDIS_CLUSTER_URLS: optional(toList),
  UPSTASH_REDIS_REST_URL: optional(text),
  UPSTASH_REDIS_REST_TOKEN: optional(text),
  TOKEN_SECRET: optional(tokenSecrets),
};

/**
 * Over the Redis of the routers, where the environment names it.
 *
 * @throws {EnvironmentError} where it names one, and not the secret that the limiter of the routers has
 */
export function openAccessTokens(): AccessTokenEnd {
  const { TOKEN_SECRET, ...redis } = parseVariables(environmentVariables, process.env, {
    secretNames: ['REDIS_URL', 'REDIS_CLUSTER_URLS', 'UPSTASH_REDIS_REST_TOKEN', 'TOKEN_SECRET'],
    readFile: (path) => readFileSync(path, 'utf8'),
    contradictions: findContradictions,
  });
  const shared = TOKEN_SECRET && { redis, keyring: createKeyring(TOKEN_SECRET) };
  return {
    ofUser: (sql, userId, organizationIds = []) => {
      const subjects = [`user:${userId}`, ...organizationIds.map((id) => `organization:${id}`)];
      return end(sql, shared, (store, at) =>
        store.revoke(
          subjects.map((subject) => ({ subject, parts: ['all'], at, lastsMs: accessTokenLifetime * 1000 })),
        ),
      );
    },
    ofMember: (sql, member) =>
      end(sql, shared, (store, at) => endTokensOfMembers({ rateLimits: store }, [member], at)),
  };
}

function* findContradictions(given: Variables): Generator<string> {
  const ways = ['REDIS_URL', 'REDIS_CLUSTER_URLS', 'UPSTASH_REDIS_REST_URL'];
  const isNamed = ways.some((name) => given[name] !== undefined);
  if (isNamed && given['TOKEN_SECRET'] === undefined) {
    yield 'TOKEN_SECRET: required where Redis is named, as the routers have it';
  }
}

interface Shared {
  readonly redis: Parameters<typeof connectRedis>[0];
  readonly keyring: Keyring;
}

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

/** A command has more time than a request, and is over the sooner for it. */
const deadlineMs = 5000;

/** @param revoke as of the time that it is given, by the clock that tokens are dated by */
async function end(
  sql: Sql,
  shared: Shared | undefined,
  revoke: (store: RateLimitStore, at: number) => Promise<void>,
): Promise<AccessTokens> {
  const requester = shared && (await connectRedis(shared.redis, log));
  if (!requester) return 'expire';
  try {
    const store = createKeyedStore(new Redis(requester), shared.keyring);
    await withDeadline(deadlineMs, revoke(store, await readTime(sql)));
    return 'refused';
  } catch {
    return 'redis-away';
  } finally {
    requester.close();
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
  const reason = access === 'expire' ? 'no Redis is named here' : "Redis can't be reached";
  return `Access tokens that are out already go on for up to 15 minutes where nothing but the token is looked at: ${reason}.\n`;
}

/** Where Redis is: one server, a cluster, or an endpoint over REST. For routers, edge hosts and commands alike. */
import { httpAddress, isGiven, listOf, optional, text, textThat, type Variables } from './variables.ts';

/** What `@redis/client` refuses later on, without a word of where it comes from, is refused here. */
function isRedis(value: string, databasePath: RegExp): boolean {
  try {
    const { protocol, hostname, username, password, pathname } = new URL(value);
    // Throws for a stray %.
    decodeURIComponent(username + password);
    return /^rediss?:$/.test(protocol) && hostname !== '' && databasePath.test(pathname);
  } catch {
    return false;
  }
}

export const redisAddress = textThat(
  'must be redis[s]://user:password@host:port/number, percent-encoded',
  (value) => isRedis(value, /^(?:\/\d*)?$/),
);

/** A cluster has one database, 0. */
export const redisAddresses = (split?: (given: string) => string[]) =>
  listOf(
    'must be redis[s]://user:password@host:port, percent-encoded, split by commas',
    (value) => isRedis(value, /^\/?0?$/),
    split,
  );

export const redisVariables = {
  REDIS_URL: optional(redisAddress),
  /** Some nodes of a cluster; user, password and TLS are those of the first. */
  REDIS_CLUSTER_URLS: optional(redisAddresses()),
  UPSTASH_REDIS_REST_URL: optional(httpAddress),
  UPSTASH_REDIS_REST_TOKEN: optional(text),
};

export const redisSecretNames = ['REDIS_URL', 'REDIS_CLUSTER_URLS', 'UPSTASH_REDIS_REST_TOKEN'] as const;

/** Any of these is enough; only one may be given. */
export const waysToRedis = ['REDIS_URL', 'REDIS_CLUSTER_URLS', 'UPSTASH_REDIS_REST_URL'] as const;

/** Half of what a way needs, or two ways at once. */
export function* findRedisContradictions(given: Variables): Generator<string> {
  if (isGiven(given, 'UPSTASH_REDIS_REST_URL') !== isGiven(given, 'UPSTASH_REDIS_REST_TOKEN')) {
    yield 'UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN: set both or none';
  }
  const ways = waysToRedis.filter((name) => isGiven(given, name));
  if (ways.length > 1) yield `${ways.join(' and ')}: set one of them`;
}

/** Where Redis is: one server, a cluster, or an endpoint over REST. For routers, edge hosts and commands alike. */
import { httpAddress, isGiven, listOf, optional, text, textThat, type Variables } from './variables.ts';

const address = 'redis:// or rediss://user:password@host:port';
const encoded = 'with what is special in the password percent-encoded';

/** What `@redis/client` refuses later on, without a word of where it comes from, is refused here. */
const isRedis = (value: string, path: RegExp) => {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, password, pathname } = new URL(value);
  return (
    ['redis:', 'rediss:'].includes(protocol) &&
    hostname !== '' &&
    path.test(pathname) &&
    isDecodable(username) &&
    isDecodable(password)
  );
};

function isDecodable(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

export const redisAddress = textThat(`must be ${address}/database, the last a number, ${encoded}`, (value) =>
  isRedis(value, /^(?:\/\d*)?$/),
);

/** A cluster has one database, 0. */
export const redisAddresses = (split?: (given: string) => string[]) =>
  listOf(
    `must be addresses ${address} without a database, split by commas, ${encoded}`,
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

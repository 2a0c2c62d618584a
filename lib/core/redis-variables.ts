/** Where Redis is: one server, a cluster, or an endpoint over REST. For routers, edge hosts and commands alike. */
import { httpAddress, isGiven, listOf, optional, text, textThat, type Variables } from './variables.ts';

const isRedis = (value: string) =>
  URL.canParse(value) && ['redis:', 'rediss:'].includes(new URL(value).protocol);

export const redisVariables = {
  REDIS_URL: optional(textThat('must be a redis:// or rediss:// address', isRedis)),
  /** Some nodes of a cluster; user, password and TLS are those of the first. */
  REDIS_CLUSTER_URLS: optional(listOf('must be redis:// or rediss:// addresses, split by commas', isRedis)),
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

/** The environment of the REST endpoint, read once. */
import { redisAddress, redisAddresses } from '../lib/core/redis-variables.ts';
import {
  integer,
  listOf,
  mode,
  oneOf,
  optional,
  parseVariables,
  text,
  type Variables,
  withDefault,
} from '../lib/core/variables.ts';
import type { RedisTarget } from './redis.ts';

export interface Settings {
  /** Whether what is merely warned of in development keeps this from starting. */
  readonly isProduction: boolean;
  readonly redis: RedisTarget;
  readonly tokens: readonly string[];
  readonly readOnlyTokens: readonly string[];
  /** Whether `?_token=` is read too. Addresses end up in logs, so it is off unless asked for. */
  readonly tokenInUrl: boolean;
  readonly host: string;
  readonly port: number;
  readonly maxBodyBytes: number;
  /** How long one request may take, from its first byte to Redis' reply. */
  readonly requestTimeoutMs: number;
  /** How long requests still come in after SIGTERM, while readiness already answers 503. */
  readonly drainDelayMs: number;
}

const secretNames = ['REDIS_URL', 'REDIS_CLUSTER_URLS', 'REDIS_REST_TOKENS', 'REDIS_REST_READONLY_TOKENS'];

const shortestToken = 16;

const tokens = listOf(
  `a token needs ${shortestToken} characters or more`,
  ({ length }) => length >= shortestToken,
  toList,
);

const environmentVariables = {
  NODE_ENV: mode,
  REDIS_URL: optional(redisAddress),
  REDIS_CLUSTER_URLS: optional(redisAddresses(toList)),
  REDIS_REST_TOKENS: withDefault(tokens, []),
  REDIS_REST_READONLY_TOKENS: withDefault(tokens, []),
  REDIS_REST_TOKEN_IN_URL: withDefault(oneOf('true', 'false'), 'false'),
  HOST: withDefault(text, '127.0.0.1'),
  PORT: withDefault(integer(0, 65_535), 8080),
  MAX_BODY_BYTES: withDefault(integer(1024, 512 * 1024 * 1024), 10 * 1024 * 1024),
  REQUEST_TIMEOUT_MS: withDefault(integer(100, 60_000), 3000),
  DRAIN_DELAY_MS: withDefault(integer(0, 60_000), 5000),
};

/**
 * @param readFile reads what a `NAME_FILE` names
 * @throws {EnvironmentError} with every fault
 */
export function parseSettings(variables: Variables, readFile: (path: string) => string): Settings {
  const environment = parseVariables(environmentVariables, variables, {
    secretNames,
    readFile,
    contradictions: findContradictions,
  });
  const { REDIS_URL: url = '', REDIS_CLUSTER_URLS: [first, ...others] = [] } = environment;
  return {
    isProduction: environment.NODE_ENV === 'production',
    redis: first === undefined ? { url } : { clusterUrls: [first, ...others] },
    tokens: environment.REDIS_REST_TOKENS,
    readOnlyTokens: environment.REDIS_REST_READONLY_TOKENS,
    tokenInUrl: environment.REDIS_REST_TOKEN_IN_URL === 'true',
    host: environment.HOST,
    port: environment.PORT,
    maxBodyBytes: environment.MAX_BODY_BYTES,
    requestTimeoutMs: environment.REQUEST_TIMEOUT_MS,
    drainDelayMs: environment.DRAIN_DELAY_MS,
  };
}

function* findContradictions(given: Variables): Generator<string> {
  const { REDIS_URL: url, REDIS_CLUSTER_URLS: urls = '' } = given;
  const clustered = toList(urls).length > 0;
  if ((url === undefined) !== clustered) yield 'REDIS_URL: set either this or REDIS_CLUSTER_URLS';
  const { REDIS_REST_TOKENS = '', REDIS_REST_READONLY_TOKENS = '' } = given;
  const [all, readOnly] = [toList(REDIS_REST_TOKENS), toList(REDIS_REST_READONLY_TOKENS)];
  if (all.length + readOnly.length === 0) yield 'REDIS_REST_TOKENS: no token is set';
  if (all.some((token) => readOnly.includes(token))) {
    yield 'REDIS_REST_READONLY_TOKENS: a token stands in REDIS_REST_TOKENS too';
  }
}

function toList(text: string): string[] {
  return text.split(/[\s,]+/).filter((item) => item !== '');
}

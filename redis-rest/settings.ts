/** The environment, read once. Every fault is named at once, and no value is ever repeated. */

import type { RedisTarget } from './redis.ts';

export interface Settings {
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

/** Lists every fault, by name and without values. */
export class SettingsError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super('the environment is not usable');
    this.faults = faults;
  }
}

const secrets = ['REDIS_URL', 'REDIS_CLUSTER_URLS', 'REDIS_REST_TOKENS', 'REDIS_REST_READONLY_TOKENS'];

const redisUrl = /^rediss?:\/\/[^\s,]+$/;
const shortestToken = 16;

/** Throws `SettingsError`. `readFile` reads what a `NAME_FILE` points to. */
export function parseSettings(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): Settings {
  const faults: string[] = [];
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    // Compose passes an unset variable as an empty one.
    if (value !== undefined && value !== '') values.set(name, value);
  }
  for (const name of secrets) readSecretFile(name);

  function readSecretFile(name: string): void {
    const path = values.get(`${name}_FILE`);
    if (path === undefined) return;
    if (values.has(name)) {
      faults.push(`${name}: ${name}_FILE is set too`);
      return;
    }
    try {
      values.set(name, readFile(path).trim());
    } catch {
      faults.push(`${name}_FILE: the file cannot be read`);
    }
  }

  function toList(name: string): readonly string[] {
    return (values.get(name) ?? '').split(/[\s,]+/).filter((item) => item !== '');
  }

  function toNumber(name: string, fallback: number, least: number, most: number): number {
    const text = values.get(name) ?? String(fallback);
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    faults.push(`${name}: must be a whole number from ${least} to ${most}`);
    return fallback;
  }

  function toTokens(name: string): readonly string[] {
    const tokens = toList(name);
    if (tokens.some((token) => token.length < shortestToken)) {
      faults.push(`${name}: a token needs ${shortestToken} characters or more`);
    }
    return tokens;
  }

  function toRedis(): RedisTarget {
    const url = values.get('REDIS_URL');
    const [first, ...others] = toList('REDIS_CLUSTER_URLS');
    if ((url === undefined) === (first === undefined)) {
      faults.push('REDIS_URL: set either this or REDIS_CLUSTER_URLS');
    }
    if (url !== undefined && !redisUrl.test(url)) {
      faults.push('REDIS_URL: must be one redis:// or rediss:// URL');
    }
    if (first === undefined) return { url: url ?? '' };
    if (![first, ...others].every((node) => redisUrl.test(node))) {
      faults.push('REDIS_CLUSTER_URLS: must be redis:// or rediss:// URLs, separated by commas');
    }
    return { clusterUrls: [first, ...others] };
  }

  function toFlag(name: string): boolean {
    const text = values.get(name) ?? 'false';
    if (text !== 'true' && text !== 'false') faults.push(`${name}: must be true or false`);
    return text === 'true';
  }

  const settings: Settings = {
    redis: toRedis(),
    tokens: toTokens('REDIS_REST_TOKENS'),
    readOnlyTokens: toTokens('REDIS_REST_READONLY_TOKENS'),
    tokenInUrl: toFlag('REDIS_REST_TOKEN_IN_URL'),
    host: values.get('HOST') ?? '127.0.0.1',
    port: toNumber('PORT', 8080, 0, 65_535),
    maxBodyBytes: toNumber('MAX_BODY_BYTES', 10 * 1024 * 1024, 1024, 512 * 1024 * 1024),
    requestTimeoutMs: toNumber('REQUEST_TIMEOUT_MS', 3000, 100, 60_000),
    drainDelayMs: toNumber('DRAIN_DELAY_MS', 5000, 0, 60_000),
  };
  const { tokens, readOnlyTokens } = settings;
  if (tokens.length + readOnlyTokens.length === 0) faults.push('REDIS_REST_TOKENS: no token is set');
  if (tokens.some((token) => readOnlyTokens.includes(token))) {
    faults.push('REDIS_REST_READONLY_TOKENS: a token stands in REDIS_REST_TOKENS too');
  }
  if (faults.length > 0) throw new SettingsError(faults);
  return settings;
}

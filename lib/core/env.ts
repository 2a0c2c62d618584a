/** The environment of the router and of the edge hosts, read once. Long because each variable has its lines, and all are held against each other. */
import { isNetwork } from './ip-address.ts';
import { findRedisContradictions, redisSecretNames, redisVariables, waysToRedis } from './redis-variables.ts';
import type { Settings } from './settings.ts';
import { tokenSecrets } from './token-secrets.ts';
import {
  EnvironmentError,
  httpAddress,
  integer,
  isGiven,
  listOf,
  mode,
  oneOf,
  optional,
  parseVariables,
  type Read,
  text,
  textThat,
  toList,
  url,
  type ValuesOf,
  type Variables,
  withDefault,
} from './variables.ts';

export const secretNames = [
  'DATABASE_URL',
  ...redisSecretNames,
  'JWT_PRIVATE_KEYS',
  'TOKEN_SECRET',
  'RESEND_API_KEY',
  'SMTP_URL',
  'CRON_SECRET',
  'BACKEND_TOKEN',
  'HEALTH_TOKEN',
] as const;

const secret = textThat('must have at least 32 characters', ({ length }) => length >= 32);

const isOrigin = (value: string) => URL.canParse(value) && new URL(value).origin === value;

const origins = listOf('must be origins such as https://app.example.com, split by commas', isOrigin);

/**
 * Origins, `http://127.0.0.1` for apps that listen there on whatever port, and schemes of apps on a device: a reversed domain
 * name of their own (RFC 8252, sections 7.1 and 7.3), so that none of a browser's own is among them.
 */
const redirectTargets = listOf(
  'must be origins such as https://app.example.com, or schemes such as com.example.app:, split by commas',
  (value) => isOrigin(value) || /^[a-z][a-z\d-]*(?:\.[a-z\d-]+)+:$/.test(value),
);

const homePage = textThat(
  'must be show, hide, or the http or https address that / leads to',
  (value) => ['show', 'hide'].includes(value) || (/^https?:\/\/\S+$/.test(value) && URL.canParse(value)),
) as Read<Settings['homePage']>;

/** RFC 7519, section 2, StringOrURI: what has a colon is a URI. No spaces, so that a list split by them is told of. */
const isAudience = (value: string) => /^[!-~]+$/.test(value) && (!value.includes(':') || URL.canParse(value));

const audiences = listOf(
  'must be names or URIs such as https://billing.example.com, split by commas',
  isAudience,
);

/** A mail address, alone or behind a display name (RFC 5322, section 3.4), on one line. */
const sender = /^(?:[^<>\p{Cc}]+ <[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/u;

interface PrivateKey extends Readonly<Record<string, unknown>> {
  readonly kid: string;
  readonly kty: string;
  readonly d: string;
  readonly alg: 'ES256' | 'EdDSA';
}

/** A set of JWK in JSON. */
export const readPrivateKeys: Read<PrivateKey[]> = (given) => {
  const { keys } = (parseJson(given) ?? {}) as { readonly keys?: unknown };
  if (Array.isArray(keys) && keys.length > 0 && keys.every(isPrivateKey)) return keys;
  throw new EnvironmentError([
    'must be a private JWK set with kid, alg (ES256 or EdDSA) and d; make one with npm run keys',
  ]);
};

function isPrivateKey(key: unknown): key is PrivateKey {
  const { kid, kty, d, alg } = (key ?? {}) as Readonly<Record<string, unknown>>;
  return [kid, kty, d].every((member) => typeof member === 'string' && member !== '') && isAlgorithm(alg);
}

const isAlgorithm = (alg: unknown) => alg === 'ES256' || alg === 'EdDSA';

/** Every variable, and how it is read. */
export const environmentVariables = {
  NODE_ENV: mode,
  PORT: withDefault(integer(0, 65_535), 3000),
  HOST: withDefault(text, '0.0.0.0'),
  DATA_DIR: withDefault(text, '.data'),
  PUBLIC_URL: optional(
    url(
      'must be an http or https address without a path',
      ({ protocol, href, origin }) => ['http:', 'https:'].includes(protocol) && href === `${origin}/`,
    ),
  ),
  DATABASE_URL: optional(text),
  ...redisVariables,
  JWT_PRIVATE_KEYS: optional(readPrivateKeys),
  TOKEN_SECRET: optional(tokenSecrets),
  RESEND_API_KEY: optional(text),
  RESEND_BASE_URL: optional(httpAddress),
  SMTP_URL: optional(
    url('must be a smtp:// or smtps:// address', ({ protocol }) => ['smtp:', 'smtps:'].includes(protocol)),
  ),
  MAIL_FROM: optional(
    textThat('must be an address such as Acme <no-reply@mail.example.com>', (value) => sender.test(value)),
  ),
  CRON_SECRET: optional(secret),
  BREACHED_PASSWORDS: withDefault(oneOf('check', 'ignore'), 'ignore'),
  BREACHED_PASSWORDS_URL: optional(httpAddress),
  SIGN_UP: withDefault(oneOf('open', 'closed'), 'open'),
  HOME_PAGE: optional(homePage),
  REDIRECT_ALLOWLIST: optional(redirectTargets),
  REQUIRE_EMAIL_VERIFICATION: optional(oneOf('true', 'false')),
  TRUSTED_PROXY_HOPS: optional(integer(0, 16)),
  TRUSTED_PROXIES: optional(listOf('must be networks such as 10.0.0.0/8, split by commas', isNetwork)),
  CORS_ORIGINS: optional(origins),
  COOKIE_ORIGINS: optional(origins),
  AUDIENCE: optional(audiences),
  GATE_AUDIENCES: optional(audiences),
  BACKEND_TOKEN: optional(secret),
  HEALTH_TOKEN: optional(secret),
  RETAIN_SENT_EMAILS_DAYS: withDefault(integer(1, 3650), 7),
  RETAIN_AUDIT_EVENTS_DAYS: withDefault(retainedDays, 400),
  LOG_LEVEL: withDefault(oneOf('debug', 'info', 'warn', 'error'), 'info'),
  DRAIN_DELAY_MS: optional(integer(0, 600_000)),
  METRICS_PORT: optional(integer(0, 65_535)),
  RELEASE: optional(text),
};

export type Environment = ValuesOf<typeof environmentVariables>;

function retainedDays(given: string): number {
  const days = integer(0, 36_500)(given);
  if (days > 0 && days < 30) throw new EnvironmentError(['must be 0 (for ever) or at least 30']);
  return days;
}

/**
 * @param options.readFile reads what a `NAME_FILE` names
 * @param options.databaseUrl what is wrong with a DATABASE_URL (`connection-string-variable.ts`), for hosts that have a database
 * @param options.required what production can't do without; a host that is less than the router needs less
 * @param options.findFaults those of variables that only the host knows
 * @throws {EnvironmentError} with every fault
 */
export function parseEnvironment(
  variables: Variables,
  {
    readFile,
    databaseUrl,
    required = requiredInProduction,
    findFaults = () => [],
  }: {
    readFile: (path: string) => string;
    databaseUrl: Read<string>;
    required?: readonly string[];
    findFaults?: (given: Variables) => readonly string[];
  },
): Environment {
  const table = { ...environmentVariables, DATABASE_URL: optional(databaseUrl) };
  return parseVariables(table, variables, {
    secretNames,
    readFile,
    contradictions: (given) => [...findContradictions(given, required), ...findFaults(given)],
  });
}

const requiredInProduction = ['PUBLIC_URL', 'DATABASE_URL', 'JWT_PRIVATE_KEYS', 'TOKEN_SECRET', 'MAIL_FROM'];

/** What no variable says by itself: two that exclude each other, and what production can't do without. */
function* findContradictions(given: Variables, required: readonly string[]): Generator<string> {
  if (given['TRUSTED_PROXY_HOPS'] !== undefined && given['TRUSTED_PROXIES'] !== undefined) {
    yield 'TRUSTED_PROXY_HOPS and TRUSTED_PROXIES: set one of them';
  }
  const corsOrigins = toList(given['CORS_ORIGINS']);
  if (!toList(given['COOKIE_ORIGINS']).every((origin) => corsOrigins.includes(origin))) {
    yield 'COOKIE_ORIGINS: each has to be in CORS_ORIGINS, too';
  }
  const takesTokens = [given['PUBLIC_URL']?.replace(/\/$/, ''), ...toList(given['AUDIENCE'])];
  if (toList(given['GATE_AUDIENCES']).some((audience) => takesTokens.includes(audience))) {
    yield 'GATE_AUDIENCES: none of them may be in AUDIENCE, nor PUBLIC_URL: it would take the tokens of people without asking the gate';
  }
  if (
    given['HOME_PAGE'] &&
    given['HOME_PAGE'].replace(/\/$/, '') === given['PUBLIC_URL']?.replace(/\/$/, '')
  ) {
    yield 'HOME_PAGE and PUBLIC_URL: one leads to the other, so that / leads to itself';
  }
  yield* findRedisContradictions(given);
  const overResend = isGiven(given, 'RESEND_API_KEY');
  if (overResend && isGiven(given, 'SMTP_URL')) yield 'RESEND_API_KEY and SMTP_URL: set one of them';
  const sendsMail = overResend || isGiven(given, 'SMTP_URL');
  const demanded = given['NODE_ENV'] === 'production' ? required : [];
  if (sendsMail && !isGiven(given, 'MAIL_FROM') && !demanded.includes('MAIL_FROM')) {
    yield `${overResend ? 'RESEND_API_KEY' : 'SMTP_URL'}: needs MAIL_FROM, the sender of emails`;
  }
  if (given['NODE_ENV'] !== 'production') return;
  if (demanded.includes('MAIL_FROM') && !sendsMail) {
    yield 'RESEND_API_KEY or SMTP_URL: required in production, where emails are sent';
  }
  if (!waysToRedis.some((name) => isGiven(given, name)))
    yield `${waysToRedis.join(' or ')}: required in production, where limits are shared`;
  for (const name of demanded) {
    if (!isGiven(given, name)) yield `${name}: required in production, where nothing is embedded`;
  }
  if (given['TRUSTED_PROXY_HOPS'] === undefined && given['TRUSTED_PROXIES'] === undefined) {
    yield 'TRUSTED_PROXY_HOPS or TRUSTED_PROXIES: required in production (1 behind Traefik, 0 without a proxy)';
  }
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** The environment. Long because every variable has its rows, of values that are taken and that are not. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { readConnectionString } from './connection-string-variable.ts';
import { parseEnvironment } from './env.ts';
import { EnvironmentError, type Variables } from './variables.ts';

const tokenSecret = 'a-token-secret-of-40-characters-00000001';
const privateKeys = JSON.stringify({
  keys: [{ kid: 'key-1', kty: 'EC', crv: 'P-256', alg: 'ES256', x: 'x', y: 'y', d: 'private' }],
});
const production = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://api.example.com',
  DATABASE_URL: 'postgres://blockbot:hunter2@db/blockbot',
  UPSTASH_REDIS_REST_URL: 'http://redis-rest:8080',
  UPSTASH_REDIS_REST_TOKEN: 'a token of the endpoint',
  JWT_PRIVATE_KEYS: privateKeys,
  TOKEN_SECRET: tokenSecret,
  RESEND_API_KEY: 're_a-key',
  MAIL_FROM: 'Acme <no-reply@mail.example.com>',
  TRUSTED_PROXY_HOPS: '1',
} satisfies Variables;

function parse(variables: Variables, files: Readonly<Record<string, string>> = {}) {
  return parseEnvironment(variables, {
    databaseUrl: readConnectionString,
    readFile: (path) => {
      const content = files[path];
      if (content === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
      return content;
    },
  });
}

function faultsOf(variables: Variables, files: Readonly<Record<string, string>> = {}): readonly string[] {
  try {
    parse(variables, files);
  } catch (error) {
    assert.ok(error instanceof EnvironmentError, String(error));
    assert.equal(error.message, error.faults.join('\n'));
    return error.faults;
  }
  return [];
}

test('parseEnvironment needs nothing outside of production', () => {
  assert.deepEqual(parse({}), {
    PORT: 3000,
    HOST: '0.0.0.0',
    DATA_DIR: '.data',
    RETAIN_SENT_EMAILS_DAYS: 7,
    RETAIN_AUDIT_EVENTS_DAYS: 400,
    LOG_LEVEL: 'info',
    SIGN_UP: 'open',
    BREACHED_PASSWORDS: 'ignore',
  });
});

test('parseEnvironment answers every value in its type', () => {
  const environment = parse({
    ...production,
    PORT: '0',
    TRUSTED_PROXY_HOPS: undefined,
    TRUSTED_PROXIES: '10.0.0.0/8, 2001:db8::/32',
    CORS_ORIGINS: 'https://app.example.com,http://localhost:5173',
    COOKIE_ORIGINS: 'https://app.example.com',
    AUDIENCE: 'https://billing.example.com, urn:example:reports, search',
    GATE_AUDIENCES: 'ledger, https://ledger.example.com',
    REQUIRE_EMAIL_VERIFICATION: 'false',
    SIGN_UP: 'closed',
    HOME_PAGE: 'https://www.example.com/product?from=api',
    BREACHED_PASSWORDS: 'check',
    BREACHED_PASSWORDS_URL: 'http://pwned.internal:8080/mirror',
    REDIRECT_ALLOWLIST: 'https://app.example.com, http://127.0.0.1, com.example.my-app:',
    HEALTH_TOKEN: ` ${tokenSecret}\n`,
    RETAIN_SENT_EMAILS_DAYS: '30',
    RETAIN_AUDIT_EVENTS_DAYS: '0',
    DRAIN_DELAY_MS: '600000',
    LOG_LEVEL: 'debug',
    PATH: '/usr/bin',
  });
  assert.deepEqual(environment, {
    NODE_ENV: 'production',
    PORT: 0,
    HOST: '0.0.0.0',
    DATA_DIR: '.data',
    PUBLIC_URL: 'https://api.example.com',
    DATABASE_URL: 'postgres://blockbot:hunter2@db/blockbot',
    UPSTASH_REDIS_REST_URL: 'http://redis-rest:8080',
    UPSTASH_REDIS_REST_TOKEN: 'a token of the endpoint',
    JWT_PRIVATE_KEYS: [{ kid: 'key-1', kty: 'EC', crv: 'P-256', alg: 'ES256', x: 'x', y: 'y', d: 'private' }],
    TOKEN_SECRET: [tokenSecret],
    RESEND_API_KEY: 're_a-key',
    MAIL_FROM: 'Acme <no-reply@mail.example.com>',
    SIGN_UP: 'closed',
    HOME_PAGE: 'https://www.example.com/product?from=api',
    BREACHED_PASSWORDS: 'check',
    BREACHED_PASSWORDS_URL: 'http://pwned.internal:8080/mirror',
    REDIRECT_ALLOWLIST: ['https://app.example.com', 'http://127.0.0.1', 'com.example.my-app:'],
    TRUSTED_PROXIES: ['10.0.0.0/8', '2001:db8::/32'],
    CORS_ORIGINS: ['https://app.example.com', 'http://localhost:5173'],
    COOKIE_ORIGINS: ['https://app.example.com'],
    AUDIENCE: ['https://billing.example.com', 'urn:example:reports', 'search'],
    GATE_AUDIENCES: ['ledger', 'https://ledger.example.com'],
    REQUIRE_EMAIL_VERIFICATION: 'false',
    HEALTH_TOKEN: tokenSecret,
    RETAIN_SENT_EMAILS_DAYS: 30,
    RETAIN_AUDIT_EVENTS_DAYS: 0,
    DRAIN_DELAY_MS: 600_000,
    LOG_LEVEL: 'debug',
  });
});

test('parseEnvironment takes an empty value for an unset one, as Compose writes it', () => {
  const empty = Object.fromEntries(
    [...Object.keys(production), 'PORT', 'LOG_LEVEL'].map((name) => [name, '']),
  );
  assert.deepEqual(parse(empty), parse({}));
  assert.deepEqual(faultsOf({ ...empty, NODE_ENV: 'production' }), faultsOf({ NODE_ENV: 'production' }));
});

test('parseEnvironment takes spaces and line ends around a value for nothing, as a file from Windows has them', () => {
  const surrounded = Object.fromEntries(
    Object.entries(production).map(([name, value]) => [name, ` ${value}\t\r\n`]),
  );
  assert.deepEqual(parse(surrounded), parse(production));
  assert.deepEqual(parse({ ...production, RELEASE: '\r', HOST: ' ' }), parse(production));
});

// What each variable refuses; the fault begins with its name.
const refused: readonly (readonly [name: string, ...values: readonly string[]])[] = [
  ['NODE_ENV', 'Production', 'PRODUCTION', 'prod', 'staging', 'live', 'production;', 'true'],
  ['PORT', '65536', '-1', '3000.5', '0x10', 'http', '1e3', '30 00'],
  ['PUBLIC_URL', 'api.example.com', 'ftp://api.example.com', 'https://api.example.com/v1'],
  ['PUBLIC_URL', 'https://api.example.com/?a', 'https://api.example.com/#a'],
  ['PUBLIC_URL', 'https://name:word@api.example.com', 'https://api.example.com/?'],
  [
    'DATABASE_URL',
    'mysql://db',
    'db.internal',
    'postgres//db',
    'postgres://db/b?options=-c%20x',
    'postgres://u:%zz@db',
  ],
  ['REDIS_URL', 'http://redis', 'redis:6379', 'redis://', 'redis://redis/none', 'redis://:%@redis'],
  ['REDIS_CLUSTER_URLS', 'redis://one,two', 'redis://one/1', 'redis://:%ff@one', 'redis://one,'],
  ['JWT_PRIVATE_KEYS', '{', '[]', '{}', '{"keys":[]}', '{"keys":[{"kid":"1"}]}', 'null'],
  ['JWT_PRIVATE_KEYS', privateKeys.replace('ES256', 'HS256'), privateKeys.replace('"d"', '"e"')],
  ['TOKEN_SECRET', 'x'.repeat(31), 'x'.repeat(40), `${' '.repeat(40)}x`],
  ['HEALTH_TOKEN', 'x'.repeat(31)],
  ['REQUIRE_EMAIL_VERIFICATION', 'yes', 'TRUE', '1'],
  ['TRUSTED_PROXY_HOPS', '17', '-1', 'one', 'true'],
  ['TRUSTED_PROXIES', '10.0.0.1', '10.0.0.0/8 172.16.0.0/12', '10.0.0.0/8,', 'loopback'],
  ['CORS_ORIGINS', '*', 'app.example.com', 'https://app.example.com/', 'https://app.example.com/a', 'null'],
  ['AUDIENCE', 'https://', 'a b', 'a,', ',', 'billing,re ports', 'https://a.example,://b', 'bücher'],
  ['GATE_AUDIENCES', 'a b', 'a,', 'bücher'],
  ['COOKIE_ORIGINS', '*', 'app.example.com', 'https://app.example.com/', 'null', 'com.example.app:'],
  ['REDIRECT_ALLOWLIST', '*', 'app.example.com', 'https://app.example.com/in', 'null'],
  [
    'REDIRECT_ALLOWLIST',
    'javascript:',
    'data:',
    'https:',
    'app:',
    'com..app:',
    'Com.example.app:',
    'com.app:/in',
  ],
  ['RESEND_BASE_URL', 'api.resend.com', 'ftp://api.resend.com'],
  ['BREACHED_PASSWORDS', 'Check', 'true', 'che ck', 'on'],
  ['BREACHED_PASSWORDS_URL', 'api.pwnedpasswords.com', 'ftp://api.pwnedpasswords.com'],
  ['SMTP_URL', 'mail.example.com', 'https://mail.example.com'],
  ['MAIL_FROM', 'nobody', 'Acme <no-reply>', 'Acme <a@b.example>\r\nBcc: c@d.example', 'a b@c.example', '<>'],
  ['SIGN_UP', 'yes', 'OPEN'],
  [
    'HOME_PAGE',
    'true',
    'Show',
    'hidden',
    '404',
    'www.example.com',
    '/docs',
    'ftp://www.example.com',
    'https://',
  ],
  ['HOME_PAGE', 'javascript:alert(1)', '//www.example.com', 'https://www.example.com/\r\nSet-Cookie: a=b'],
  ['CRON_SECRET', 'x'.repeat(31)],
  ['RETAIN_SENT_EMAILS_DAYS', '0', '7d', '-1', '4000'],
  ['RETAIN_AUDIT_EVENTS_DAYS', '29', '1', '1y', '-1', '40000'],
  ['LOG_LEVEL', 'trace', 'INFO'],
  ['DRAIN_DELAY_MS', '600001', '5s'],
];

test('parseEnvironment refuses a value that does not fit, by the name of its variable', () => {
  for (const [name, ...values] of refused) {
    for (const value of values) {
      const faults = faultsOf({ [name]: value });
      assert.ok(faults.length > 0, `${name}=${value}`);
      for (const fault of faults) assert.match(fault, new RegExp(`^${name}: .`), `${name}=${value}`);
    }
  }
});

test('a service behind the gate takes no tokens of people: it is none of those in AUDIENCE, nor we', () => {
  const given = { PUBLIC_URL: 'https://api.example.com/', AUDIENCE: 'reports,billing' };
  for (const GATE_AUDIENCES of ['ledger,billing', 'https://api.example.com'])
    assert.match(
      faultsOf({ ...given, GATE_AUDIENCES }).join(),
      /^GATE_AUDIENCES: none of them may be in AUDIENCE/,
    );
  assert.deepEqual(faultsOf({ ...given, GATE_AUDIENCES: 'ledger' }), []);
});

test('parseEnvironment tells every fault at once, each once', () => {
  const faults = faultsOf({
    NODE_ENV: 'production',
    PORT: 'x',
    LOG_LEVEL: 'x',
    TOKEN_SECRET: 'x',
    CORS_ORIGINS: 'x',
    AUDIENCE: 'https://billing.example.com https://reports.example.com',
    HEALTH_TOKEN_FILE: '/nowhere',
  });
  assert.deepEqual([...faults].sort(), [
    'AUDIENCE: must be names or URIs such as https://billing.example.com, split by commas',
    'CORS_ORIGINS: must be origins such as https://app.example.com, split by commas',
    'DATABASE_URL: required in production, where nothing is embedded',
    "HEALTH_TOKEN_FILE: the file can't be read",
    'JWT_PRIVATE_KEYS: required in production, where nothing is embedded',
    'LOG_LEVEL: must be debug, info, warn or error',
    'MAIL_FROM: required in production, where nothing is embedded',
    'PORT: must be a whole number from 0 to 65535',
    'PUBLIC_URL: required in production, where nothing is embedded',
    'REDIS_URL or REDIS_CLUSTER_URLS or UPSTASH_REDIS_REST_URL: required in production, where limits are shared',
    'RESEND_API_KEY or SMTP_URL: required in production, where emails are sent',
    'TOKEN_SECRET: must have at least 32 characters',
    'TRUSTED_PROXY_HOPS or TRUSTED_PROXIES: required in production (1 behind Traefik, 0 without a proxy)',
  ]);
});

test('parseEnvironment tells no value, not of a file either', () => {
  const canary = 'canary-of-a-secret';
  const files = { '/run/secrets/one': canary };
  for (const [name] of refused) {
    for (const variables of [{ [name]: canary }, { [`${name}_FILE`]: '/run/secrets/one' }]) {
      const faults = faultsOf({ ...variables, NODE_ENV: 'production' }, files);
      assert.doesNotMatch(faults.join('\n'), /canary/, name);
    }
  }
});

test('parseEnvironment starts in production with what it needs, and with nothing less', () => {
  assert.equal(parse(production).TRUSTED_PROXY_HOPS, 1);
  assert.equal(parse({ ...production, TRUSTED_PROXY_HOPS: '0' }).TRUSTED_PROXY_HOPS, 0);
  for (const name of [
    'PUBLIC_URL',
    'DATABASE_URL',
    'JWT_PRIVATE_KEYS',
    'TOKEN_SECRET',
    'TRUSTED_PROXY_HOPS',
  ]) {
    const faults = faultsOf({ ...production, [name]: undefined });
    assert.equal(faults.length, 1, name);
    assert.match(faults[0] ?? '', new RegExp(`^${name}\\b.*: required in production`));
  }
});

test('parseEnvironment lets no origin use cookies that may not call the API', () => {
  const fault = 'COOKIE_ORIGINS: each has to be in CORS_ORIGINS, too';
  const [app, other] = ['https://app.example.com', 'https://other.example.com'];
  assert.deepEqual(faultsOf({ COOKIE_ORIGINS: app }), [fault]);
  assert.deepEqual(faultsOf({ COOKIE_ORIGINS: app, CORS_ORIGINS: other }), [fault]);
  assert.deepEqual(faultsOf({ COOKIE_ORIGINS: `${app},${other}`, CORS_ORIGINS: app }), [fault]);
  assert.deepEqual(parse({ COOKIE_ORIGINS: app, CORS_ORIGINS: `${other}, ${app}` }).COOKIE_ORIGINS, [app]);
});

test('parseEnvironment lets the proxies be told in one way only', () => {
  const both = { TRUSTED_PROXY_HOPS: '1', TRUSTED_PROXIES: '10.0.0.0/8' };
  assert.deepEqual(faultsOf(both), ['TRUSTED_PROXY_HOPS and TRUSTED_PROXIES: set one of them']);
});

test('parseEnvironment reads each secret from a file, without the line end of an editor', () => {
  const files = {
    '/run/secrets/database': `${production.DATABASE_URL}\n`,
    '/run/secrets/keys': `${privateKeys}\n`,
    '/run/secrets/token': `${tokenSecret}\r\n`,
  };
  const environment = parse(
    {
      ...production,
      DATABASE_URL: undefined,
      DATABASE_URL_FILE: '/run/secrets/database',
      JWT_PRIVATE_KEYS: '',
      JWT_PRIVATE_KEYS_FILE: '/run/secrets/keys',
      TOKEN_SECRET: undefined,
      TOKEN_SECRET_FILE: '/run/secrets/token',
      HEALTH_TOKEN_FILE: '/run/secrets/token',
    },
    files,
  );
  assert.deepEqual(environment, { ...parse(production), HEALTH_TOKEN: tokenSecret });
});

test('parseEnvironment reads several secrets of tokens, newest first: split by commas, in a file one a line', () => {
  const [newer, oldest] = [`${tokenSecret}-newer`, `${tokenSecret}-oldest`];
  const secrets = [newer, tokenSecret, oldest];
  assert.deepEqual(parse({ TOKEN_SECRET: secrets.join(', ') }).TOKEN_SECRET, secrets);
  for (const lineEnd of ['\n', '\r\n', ',']) {
    const files = { '/run/secrets/token': `${secrets.join(lineEnd)}\r\n` };
    assert.deepEqual(parse({ TOKEN_SECRET_FILE: '/run/secrets/token' }, files).TOKEN_SECRET, secrets);
  }
});

test('parseEnvironment tells of every secret of tokens what is wrong with it, by its place and without its text', () => {
  const others = Array.from({ length: 4 }, (_, nth) => `${tokenSecret}-${nth}`);
  assert.deepEqual(
    faultsOf({ TOKEN_SECRET: [tokenSecret, '', 'short', tokenSecret, 'ab'.repeat(20)].join() }),
    [
      'TOKEN_SECRET: secret 2 of 5 is empty',
      'TOKEN_SECRET: secret 3 of 5 must have at least 32 characters',
      'TOKEN_SECRET: secret 4 of 5 is the same as secret 1',
      'TOKEN_SECRET: secret 5 of 5 must have at least 6 different characters',
    ],
  );
  assert.deepEqual(faultsOf({ TOKEN_SECRET: [tokenSecret, ...others].join() }), []);
  assert.deepEqual(faultsOf({ TOKEN_SECRET: [tokenSecret, ...others, `${tokenSecret}-last`].join() }), [
    'TOKEN_SECRET: has 6 secrets, and 5 at most may be in use',
  ]);
  assert.deepEqual(faultsOf({ TOKEN_SECRET: `${tokenSecret},` }), ['TOKEN_SECRET: secret 2 of 2 is empty']);
  const blank = { '/run/secrets/token': `${tokenSecret}\n\n${others[0]}\n` };
  assert.deepEqual(faultsOf({ TOKEN_SECRET_FILE: '/run/secrets/token' }, blank), [
    'TOKEN_SECRET: secret 2 of 3 is empty',
  ]);
});

test('parseEnvironment reads no file for what is no secret', () => {
  assert.equal(parse({ PORT_FILE: '/run/secrets/port' }, { '/run/secrets/port': '4000' }).PORT, 3000);
});

test('parseEnvironment refuses a secret that is set twice', () => {
  const twice = { TOKEN_SECRET: tokenSecret, TOKEN_SECRET_FILE: '/run/secrets/token' };
  assert.deepEqual(faultsOf(twice, { '/run/secrets/token': tokenSecret }), [
    'TOKEN_SECRET and TOKEN_SECRET_FILE: set one of them',
  ]);
});

test('parseEnvironment takes an empty file for an unset secret, and tells of one that is missing or too short', () => {
  const { TOKEN_SECRET, ...others } = production;
  const variables = { ...others, TOKEN_SECRET_FILE: '/run/secrets/token' };
  assert.deepEqual(faultsOf(variables), ["TOKEN_SECRET_FILE: the file can't be read"]);
  const short = faultsOf(variables, { '/run/secrets/token': TOKEN_SECRET.slice(0, 31) });
  assert.deepEqual(short, ['TOKEN_SECRET: must have at least 32 characters']);
  for (const content of ['', '\n']) {
    const faults = faultsOf(variables, { '/run/secrets/token': content });
    assert.deepEqual(faults, ['TOKEN_SECRET: required in production, where nothing is embedded']);
    const optional = { ...production, HEALTH_TOKEN_FILE: '/run/secrets/token' };
    assert.equal(parse(optional, { '/run/secrets/token': content }).HEALTH_TOKEN, undefined);
  }
});

test('parseEnvironment wants the address of a Redis endpoint and its token together', () => {
  const fault = 'UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN: set both or none';
  assert.deepEqual(faultsOf({ UPSTASH_REDIS_REST_URL: 'http://redis-rest:8080' }), [fault]);
  assert.deepEqual(faultsOf({ UPSTASH_REDIS_REST_TOKEN: 'a token of the endpoint' }), [fault]);
});

test('parseEnvironment takes one way to Redis and wants one in production', () => {
  const { UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN, ...others } = production;
  assert.equal(parse({ ...others, REDIS_URL: 'redis://redis:6379' }).REDIS_URL, 'redis://redis:6379');
  assert.deepEqual(faultsOf(others), [
    'REDIS_URL or REDIS_CLUSTER_URLS or UPSTASH_REDIS_REST_URL: required in production, where limits are shared',
  ]);
  const rest = { UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN };
  assert.deepEqual(faultsOf({ ...others, ...rest, REDIS_URL: 'redis://redis:6379' }), [
    'REDIS_URL and UPSTASH_REDIS_REST_URL: set one of them',
  ]);
  const nodes = 'redis://one:6379,rediss://two:6379';
  assert.deepEqual(parse({ ...others, REDIS_CLUSTER_URLS: nodes }).REDIS_CLUSTER_URLS, nodes.split(','));
  assert.deepEqual(faultsOf({ ...others, REDIS_CLUSTER_URLS: nodes, REDIS_URL: 'redis://redis:6379' }), [
    'REDIS_URL and REDIS_CLUSTER_URLS: set one of them',
  ]);
});

test('parseEnvironment takes one way to send emails, with a sender, and wants one in production', () => {
  const { RESEND_API_KEY, MAIL_FROM, ...others } = production;
  const overSmtp = { ...others, SMTP_URL: 'smtps://name:word@mail.example.com', MAIL_FROM };
  assert.equal(parse(overSmtp).SMTP_URL, overSmtp.SMTP_URL);
  assert.deepEqual(faultsOf({ ...others, MAIL_FROM }), [
    'RESEND_API_KEY or SMTP_URL: required in production, where emails are sent',
  ]);
  assert.deepEqual(faultsOf({ ...overSmtp, RESEND_API_KEY }), [
    'RESEND_API_KEY and SMTP_URL: set one of them',
  ]);
  assert.deepEqual(faultsOf({ RESEND_API_KEY }), ['RESEND_API_KEY: needs MAIL_FROM, the sender of emails']);
  assert.deepEqual(faultsOf({ ...others, RESEND_API_KEY }), [
    'MAIL_FROM: required in production, where nothing is embedded',
  ]);
});

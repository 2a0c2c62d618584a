import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConnectionString } from '../lib/core/connection-string-variable.ts';
import { parseEnvironment } from '../lib/core/env.ts';
import { makeTemporaryFolder } from '../test/support/folder.ts';

const answers = [
  ...['--domain', 'api.example.com', '--email', 'ops@example.com'],
  ...['--mail-from', 'Blockbot <hello@example.com>', '--mail-account', 're_12345678'],
];

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'scripts/init-env.ts', ...args],
    { encoding: 'utf8', input: '' },
  );
  return { status, stdout, stderr };
}

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('init-env makes .env and secrets with modes that keep others out, and values that the router accepts', async () => {
  const folder = await makeTemporaryFolder();
  const { status, stdout } = run('--folder', folder, ...answers);
  assert.equal(status, 0);
  assert.equal(modeOf(join(folder, '.env')), '600');
  assert.equal(modeOf(join(folder, 'secrets')), '700');
  for (const name of readdirSync(join(folder, 'secrets'))) {
    assert.equal(modeOf(join(folder, 'secrets', name)), '444', name);
    const secret = readFileSync(join(folder, 'secrets', name), 'utf8');
    assert.ok(secret === '' || !stdout.includes(secret), name);
  }
  const file = (name: string) => join(folder, 'secrets', name);
  assert.match(readFileSync(join(folder, '.env'), 'utf8'), /^MAIL_FROM='Blockbot <hello@example\.com>'$/m);
  const environment = parseEnvironment(
    {
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://api.example.com',
      TRUSTED_PROXY_HOPS: '1',
      DATABASE_URL_FILE: file('database_url'),
      REDIS_URL_FILE: file('redis_url'),
      JWT_PRIVATE_KEYS_FILE: file('jwt_private_keys'),
      TOKEN_SECRET_FILE: file('token_secret'),
      HEALTH_TOKEN_FILE: file('health_token'),
      BACKEND_TOKEN_FILE: file('backend_token'),
      RESEND_API_KEY_FILE: file('resend_api_key'),
      SMTP_URL_FILE: file('smtp_url'),
      MAIL_FROM: 'Blockbot <hello@example.com>',
    },
    { databaseUrl: readConnectionString, readFile: (path) => readFileSync(path, 'utf8') },
  );
  assert.equal(environment.JWT_PRIVATE_KEYS?.length, 2);
  const read = (name: string) => readFileSync(file(name), 'utf8');
  for (const [url, user, password] of [
    ['database_url', 'blockbot_app', 'database_app_password'],
    ['database_owner_url', 'blockbot_owner', 'database_owner_password'],
  ] as const) {
    const { username, password: given } = new URL(read(url));
    assert.deepEqual([username, given], [user, read(password)]);
  }
  const passwords = readdirSync(join(folder, 'secrets')).filter((name) => name.endsWith('_password'));
  assert.equal(new Set(passwords.map(read)).size, passwords.length);
  const redis = new URL(environment.REDIS_URL ?? '');
  assert.deepEqual(
    [redis.username, redis.password],
    ['blockbot', readFileSync(file('redis_user_password'), 'utf8')],
  );
  assert.notEqual(redis.password, readFileSync(file('redis_password'), 'utf8'));
});

test('init-env overwrites nothing, and two runs make different secrets', async () => {
  const folder = await makeTemporaryFolder();
  writeFileSync(join(folder, '.env'), 'MINE=1\n');
  const refused = run('--folder', folder, ...answers);
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /\.env exists already[^]*Nothing was written/);
  assert.equal(readFileSync(join(folder, '.env'), 'utf8'), 'MINE=1\n');
  assert.equal(existsSync(join(folder, 'secrets')), false);

  const [one, two] = [await makeTemporaryFolder(), await makeTemporaryFolder()];
  run('--folder', one, ...answers);
  run('--folder', two, ...answers);
  const secret = (of: string) => readFileSync(join(of, 'secrets/token_secret'), 'utf8');
  assert.notEqual(secret(one), secret(two));
  assert.equal(run('--folder', one, ...answers).status, 1);
});

test('what is missing or bad is told all at once, by option, without the value', async () => {
  const folder = await makeTemporaryFolder();
  const { status, stderr } = run(
    '--folder',
    folder,
    '--domain',
    'https://x.example',
    '--mail-account',
    'a b$c',
  );
  assert.equal(status, 2);
  for (const option of ['--domain', '--email', '--mail-from', '--mail-account'])
    assert.match(stderr, new RegExp(option));
  assert.doesNotMatch(stderr, /a b\$c/);
  assert.deepEqual(readdirSync(folder), []);
});

test('a mail server alone is enough: no key of Resend is asked for, and none is made up', async () => {
  const folder = await makeTemporaryFolder();
  const url = 'smtps://ada%40example.com:p%26ss@smtp.example.com:465';
  assert.equal(run('--folder', folder, ...answers.slice(0, -1), url).status, 0);
  const read = (name: string) => readFileSync(join(folder, 'secrets', name), 'utf8');
  assert.deepEqual([read('smtp_url'), read('resend_api_key')], [url, '']);
  for (const bad of [
    'smtps://ada:pa ss@smtp.example.com',
    'smtps://ada:pa@ss@smtp.example.com',
    'http://smtp.example.com',
  ]) {
    const { status, stderr } = run('--folder', await makeTemporaryFolder(), ...answers.slice(0, -1), bad);
    assert.equal(status, 2, bad);
    assert.ok(!stderr.includes(bad));
  }
});

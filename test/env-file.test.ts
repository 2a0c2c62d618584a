/** `.env`, which the commands of package.json read. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { makeTemporaryFolder } from './support/folder.ts';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const preload = 'scripts/env-file.js';

test('what opens the same database reads the same file', () => {
  for (const name of ['start', 'dev', 'migrate', 'seed', 'outbox']) {
    assert.match(scripts[name] ?? '', new RegExp(` --import \\./${preload} `), name);
  }
});

test('settings are taken from .env, and what the shell sets wins', async () => {
  const cwd = await makeTemporaryFolder();
  const start = (env: Readonly<Record<string, string>>) =>
    spawnSync(
      process.execPath,
      ['--import', resolve(preload), '--import', import.meta.resolve('tsx'), resolve('hosts/node/main.ts')],
      { cwd, encoding: 'utf8', env: { PATH: process.env['PATH'], ...env } },
    );
  const without = start({ LOG_LEVEL: 'loud' });
  assert.equal(without.status, 78, without.stderr);
  assert.doesNotMatch(without.stderr, /\.env|Warning/);
  writeFileSync(
    join(cwd, '.env'),
    'LOG_LEVEL="loud" # as it is written by hand\r\nSIGN_UP=\r\nPORT=none\r\n',
  );
  const { status, stderr } = start({});
  assert.equal(status, 78, stderr);
  assert.match(stderr, /LOG_LEVEL: .*\n.*PORT: |PORT: .*\n.*LOG_LEVEL: /);
  assert.doesNotMatch(start({ LOG_LEVEL: 'info' }).stderr, /LOG_LEVEL/);
});

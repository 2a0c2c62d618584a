import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { call, type Person, password, register } from './edge-client.ts';
import { docker, withEngine } from './engine.ts';
import { createStack, type Stack, up, unwatched } from './stack.ts';

describe('the backups profile', withEngine, () => {
  let stack: Stack;
  let person: Person;

  before(async () => {
    stack = await createStack(unwatched);
    await up(stack);
    for (let index = 0; index < 5; index += 1) person = await register(index);
  });
  after(() => stack.remove());

  const backup = (...args: readonly string[]) =>
    stack.mustCompose('--profile', 'backups', 'run', '--rm', '-T', '--no-deps', 'backup', ...args);
  const restore = (...args: readonly string[]) =>
    stack.mustCompose('--profile', 'restore', 'run', '--rm', '-T', '--no-deps', 'restore', ...args);
  const count = () =>
    Promise.all(
      ['users', 'organizations', 'memberships', 'audit_events'].map((table) =>
        stack.sql(`select count(*) from ${table}`),
      ),
    );

  test('a dump is encrypted, readable by its owner only, and can be restored into a scratch database', async (context) => {
    const made = await backup('now');
    assert.match(made, /made daily\/\d{8}T\d{6}Z\.dump\.gpg/);
    const [name = ''] = await readdir(join(stack.backups, 'daily'));
    const bytes = await readFile(join(stack.backups, 'daily', name));
    assert.ok(!bytes.includes('PGDMP') && !bytes.includes('users'));
    assert.equal((await stat(join(stack.backups, 'daily', name))).mode & 0o077, 0);
    assert.deepEqual(
      await Promise.all(
        ['weekly', 'monthly'].map(async (folder) => (await readdir(join(stack.backups, folder))).length),
      ),
      [1, 1],
    );
    const checked = await restore('check', `/backups/daily/${name}`);
    context.diagnostic(checked);
    assert.match(checked, /public\.users 5/);
    assert.deepEqual(await stack.sql(`select count(*) from pg_database where datname = 'blockbot_check'`), [
      '0',
    ]);
  });

  test('dumps that are asked for at once are made one after the other', async () => {
    const made = await Promise.all([backup('now'), backup('now'), backup('now')]);
    for (const said of made) assert.match(said, /made daily/);
  });

  test('7 days, 4 weeks and 6 months are kept', async () => {
    const fill = `
      mkdir -p /backups/daily /backups/weekly /backups/monthly
      for n in 01 02 03 04 05 06 07 08 09; do
        for folder in daily weekly monthly; do : >/backups/$folder/2020$n.dump.gpg; done
      done`;
    await stack.mustCompose(
      '--profile',
      'backups',
      'run',
      '--rm',
      '-T',
      '--no-deps',
      '--entrypoint',
      'sh',
      'backup',
      '-c',
      fill,
    );
    await backup('now');
    const kept = await Promise.all(
      ['daily', 'weekly', 'monthly'].map(
        async (folder) => (await readdir(join(stack.backups, folder))).length,
      ),
    );
    assert.deepEqual(kept, [7, 4, 6]);
    await backup('fresh');
  });

  test('a destroyed volume comes back: rows and a sign-in match', async () => {
    const rows = await count();
    const [newest = '', ...others] = (await backup('list')).split('\n');
    assert.match(newest, /\/daily\/20\d{6}T/);
    assert.ok(others.filter((file) => file.includes('/daily/')).every((file) => file < newest));
    await stack.mustCompose('down');
    await docker('volume', 'rm', 'blockbot_postgres-data');
    await up(stack, 'postgres');
    const restored = await restore('restore', newest);
    assert.match(restored, /public\.users 5/);
    await up(stack);
    assert.deepEqual(await count(), rows);
    const login = await call('/v1/auth/login', { method: 'POST', body: { email: person.email, password } });
    assert.equal(login.status, 200, login.body);
    const refreshed = await call('/v1/auth/refresh', {
      method: 'POST',
      body: { refresh_token: person.refreshToken },
    });
    assert.equal(refreshed.status, 200, refreshed.body);
  });
});

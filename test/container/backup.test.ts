import assert from 'node:assert/strict';
import { chmod, chown, copyFile, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { call, type Person, password, register } from './edge-client.ts';
import { docker, withEngine } from './engine.ts';
import { createStack, operator, type Stack, up, unwatched } from './stack.ts';

describe('the backups profile', withEngine, () => {
  let stack: Stack;
  let person: Person;

  before(async () => {
    stack = await createStack(unwatched);
    await up(stack);
    for (let index = 0; index < 5; index += 1) person = await register(index);
  });
  after(() => stack.remove());

  const runBackup = (...args: readonly string[]) => [
    '--profile',
    'backups',
    'run',
    '--rm',
    '-T',
    '--no-deps',
    ...args,
  ];
  const backup = (...args: readonly string[]) => stack.mustCompose(...runBackup('backup', ...args));
  const restore = (...args: readonly string[]) =>
    stack.mustCompose('--profile', 'restore', 'run', '--rm', '-T', '--no-deps', 'restore', ...args);
  /** A command of a shell in the backup's container, as the owner of the folder. */
  const shell = (commands: string) =>
    stack.mustCompose(...runBackup('--user', `${operator}`, '--entrypoint', 'sh', 'backup', '-c', commands));
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
    const { mode, uid, gid } = await stat(join(stack.backups, 'daily', name));
    // Whoever made the folder copies it away, too, without being root.
    assert.deepEqual([(mode & 0o777).toString(8), uid, gid], ['600', operator, operator]);
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
        for folder in daily weekly monthly; do : >/backups/$folder/2020"$n"01T000000Z.dump.gpg; done
      done`;
    await shell(fill);
    await backup('now');
    const kept = await Promise.all(
      ['daily', 'weekly', 'monthly'].map(
        async (folder) => (await readdir(join(stack.backups, folder))).length,
      ),
    );
    assert.deepEqual(kept, [7, 4, 6]);
    await backup('fresh');
  });

  test('the newest is the one that was made last, whatever its kind and the dates of the files', async () => {
    // As a copy that was brought back may have it; the one without a time is of an older release.
    await shell('cd /backups && touch weekly/* monthly/* && : >weekly/2099-W01.dump.gpg');
    const list = (await backup('list')).split('\n');
    const stamps = list.map(
      (file) => /(?<stamp>\d{8}T\d{6}Z)\.dump\.gpg$/.exec(file)?.groups?.['stamp'] ?? '',
    );
    assert.deepEqual(stamps, [...stamps].sort().reverse());
    assert.match(list.at(-1) ?? '', /weekly\/2099-W01/);
    assert.equal(await backup('newest'), list[0]);
    await shell('rm /backups/weekly/2099-W01.dump.gpg');
  });

  test('the block of the guide restores the newest of two dumps: nobody who came in between is lost', async () => {
    await backup('now');
    for (let index = 5; index < 8; index += 1) person = await register(index);
    await backup('now');
    const newest = await backup('newest');
    await register(8);
    assert.match(await restore('restore', newest), /public\.users 8/);
    assert.deepEqual(await stack.sql('select count(*) from users'), ['8']);
  });

  test('what the operator copied back with a mode for nobody else is read, and what is not theirs is named', async () => {
    const copy = join(stack.backups, 'copied.dump.gpg');
    await copyFile((await backup('newest')).replace('/backups', stack.backups), copy);
    await chmod(copy, 0o600);
    await chown(copy, 0, 0);
    const refused = await stack.compose(
      ...[
        '--profile',
        'restore',
        'run',
        '--rm',
        '-T',
        '--no-deps',
        'restore',
        'check',
        '/backups/copied.dump.gpg',
      ],
    );
    assert.notEqual(refused.code, 0);
    assert.match(refused.errors, /user 1000, who owns the folder of backups, may not read/);
    await chown(copy, operator, operator);
    assert.match(await restore('check', '/backups/copied.dump.gpg'), /public\.users 8/);
    await rm(copy);
  });

  test('a folder that can not be written into ends the service, and says why', async () => {
    await chmod(stack.backups, 0o500);
    const { code, errors } = await stack.compose(...runBackup('backup', 'nightly'));
    assert.equal(code, 1);
    assert.match(errors, /who owns the folder of backups, may not write into it/);
    await chmod(stack.backups, 0o755);
  });

  test('the service is healthy once there is a backup, and tells Prometheus when the newest was made', async () => {
    await up(stack, 'backup');
    const told = await stack.mustCompose(
      ...['--profile', 'backups', 'exec', '-T', 'backup', 'cat', '/measures/backup.prom'],
    );
    const seconds = Number(/^blockbot_backup_last_success_timestamp_seconds (\d+)$/m.exec(told)?.[1]);
    assert.ok(Math.abs(Date.now() / 1000 - seconds) < 3600, told);
  });

  test('a destroyed volume comes back: rows and a sign-in match', async () => {
    const rows = await count();
    const newest = await backup('newest');
    await stack.mustCompose('down');
    // The certificates too: those of the test come from an authority that is gone with its container.
    await docker('volume', 'rm', '--force', 'blockbot_postgres-data', 'blockbot_certificates');
    await up(stack, 'postgres');
    const restored = await restore('restore', newest);
    assert.match(restored, /public\.users 8/);
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

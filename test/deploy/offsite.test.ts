/** What offsite.sh does with a real restic and a folder: copies come back byte by byte, and a lost one is told of. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTemporaryFolder } from '../support/folder.ts';

const withoutRestic = spawnSync('restic', ['version']).status === 0 ? false : 'restic is not installed';

async function createOffsite() {
  const folder = await makeTemporaryFolder();
  const backups = join(folder, 'backups');
  const repository = join(folder, 'repository');
  for (const each of [backups, join(backups, 'daily'), join(folder, 'measures')]) mkdirSync(each);
  writeFileSync(join(folder, 'passphrase'), 'a passphrase of this test');
  const run = (...args: readonly string[]) =>
    spawnSync('sh', ['deploy/backup/offsite.sh', ...args], {
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'],
        RESTIC_REPOSITORY: repository,
        RESTIC_PASSWORD_FILE: join(folder, 'passphrase'),
        RESTIC_CACHE_DIR: join(folder, 'cache'),
        BACKUP_FOLDER: backups,
        MEASURES_FOLDER: join(folder, 'measures'),
      },
    });
  const make = (name: string) => {
    const bytes = randomBytes(100_000);
    writeFileSync(join(backups, 'daily', name), bytes);
    return bytes;
  };
  return { run, make, backups, repository, measure: join(folder, 'measures', 'offsite.prom') };
}

test(
  'the newest dump of the newest copy comes back as it was, to the owner of the folder',
  { skip: withoutRestic },
  async () => {
    const { run, make, backups, measure } = await createOffsite();
    const mine = process.getuid?.() === 0 ? 1000 : (process.getuid?.() ?? 0);
    make('20261125T031500Z.dump.gpg');
    const first = run('now');
    assert.equal(first.status, 0, first.stderr);
    const newest = make('20261126T031500Z.dump.gpg');
    const older = readFileSync(join(backups, 'daily', '20261125T031500Z.dump.gpg'));
    assert.match(run('now').stdout, /copied and looked at: daily\/20261126T031500Z\.dump\.gpg/);
    assert.match(readFileSync(measure, 'utf8'), /^blockbot_offsite_last_success_timestamp_seconds \d{10}$/m);
    assert.equal(run('fresh').status, 0);

    rmSync(join(backups, 'daily'), { recursive: true });
    chownSync(backups, mine, mine);
    assert.equal(run('fetch').status, 0);
    assert.deepEqual(readdirSync(join(backups, 'daily')), ['20261126T031500Z.dump.gpg']);
    const path = join(backups, 'daily', '20261126T031500Z.dump.gpg');
    assert.deepEqual(readFileSync(path), newest);
    assert.deepEqual([statSync(path).uid, (statSync(path).mode & 0o777).toString(8)], [mine, '600']);
    assert.equal(run('fetch', 'daily/20261125T031500Z.dump.gpg').status, 0);
    assert.deepEqual(readFileSync(join(backups, 'daily', '20261125T031500Z.dump.gpg')), older);
  },
);

test('a copy whose bytes have changed is a failure, and is not fresh', { skip: withoutRestic }, async () => {
  const { run, make, repository, measure } = await createOffsite();
  make('20261126T031500Z.dump.gpg');
  assert.equal(run('now').status, 0);
  rmSync(measure);
  for (const folder of readdirSync(join(repository, 'data'))) {
    for (const pack of readdirSync(join(repository, 'data', folder))) {
      const path = join(repository, 'data', folder, pack);
      const bytes = readFileSync(path);
      bytes.fill(0, 0, bytes.length >> 1);
      rmSync(path);
      writeFileSync(path, bytes);
    }
  }
  assert.equal(run('now').status, 1);
  const { status, stderr } = run('fresh');
  assert.equal(status, 1);
  assert.match(stderr, /no copy was made yet/);
});

test('without a place to go, or a backup to copy, it says so', { skip: withoutRestic }, async () => {
  const { run } = await createOffsite();
  const { status, stderr } = run('now');
  assert.equal(status, 1);
  assert.match(stderr, /there is no backup to copy/);
  const nowhere = spawnSync('sh', ['deploy/backup/offsite.sh', 'now'], { encoding: 'utf8' });
  assert.equal(nowhere.status, 1);
  assert.match(nowhere.stderr, /OFFSITE_REPOSITORY is empty/);
  assert.equal(run('sometimes').status, 2);
});

/** The way back to a point in time: a real Postgres of the system, a real pgBackRest, and rows that are counted. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readCompose } from '../support/compose-file.ts';
import { makeTemporaryFolder } from '../support/folder.ts';
import { freePort } from '../support/redis-server.ts';

const programs = '/usr/lib/postgresql/15/bin';
const missing = ['pgbackrest', 'setpriv', 'chown'].find(
  (name) => spawnSync(name, [name === 'pgbackrest' ? 'version' : '--version']).status !== 0,
);
const reason =
  missing === undefined
    ? existsSync(programs)
      ? false
      : 'Postgres 15 is not installed'
    : `${missing} is not installed`;
const skip = process.getuid?.() === 0 ? reason : 'only root may become postgres';

interface Server {
  readonly run: (command: string, ...args: readonly string[]) => string;
  readonly pitr: (...args: readonly string[]) => string;
  readonly sql: (statement: string) => string;
  /** Of the newest one, as Unix time. */
  readonly endOfBackup: () => number;
  readonly start: () => void;
  readonly stop: () => void;
  readonly folder: string;
}

async function createServer(): Promise<Server> {
  const folder = await makeTemporaryFolder();
  chmodSync(folder, 0o755);
  const port = String(await freePort());
  const data = join(folder, 'data');
  writeFileSync(join(folder, 'passphrase'), 'a passphrase of this test');
  mkdirSync(join(folder, 'repository'));
  spawnSync('chown', ['-R', 'postgres:postgres', folder]);
  const env = {
    PATH: `${programs}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    PGDATA: data,
    PGHOST: folder,
    PGPORT: port,
    PGUSER: 'blockbot',
    POSTGRES_USER: 'blockbot',
    PITR_CONFIG: join(folder, 'pgbackrest.conf'),
    PITR_REPOSITORY: join(folder, 'repository'),
    PITR_PASSPHRASE_FILE: join(folder, 'passphrase'),
    PITR_LOCKS: join(folder, 'locks'),
    PITR_SOCKET: folder,
  };
  const run = (command: string, ...args: readonly string[]) => {
    const as = ['--reuid=postgres', '--regid=postgres', '--clear-groups', command, ...args];
    const { status, stdout, stderr } = spawnSync('setpriv', as, { encoding: 'utf8', env });
    assert.equal(status, 0, `${command} ${args.join(' ')}\n${stdout}${stderr}`);
    return stdout.trim();
  };
  const script = join(process.cwd(), 'deploy/pitr/pitr.sh');
  // The entrypoint, with what it would start in the container's place.
  writeFileSync(join(folder, 'docker-entrypoint.sh'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
  const pitr = (...args: readonly string[]) => run('sh', script, ...args);
  run('initdb', '--auth=trust', '--username=blockbot', '--data-checksums');
  // Of the server's own configuration, with the place of this one.
  const { command = [] } = readCompose('deploy/pitr/compose.yml').services['postgres'] ?? {};
  const archive = command
    .at(-1)
    ?.replace('archive_command=', '')
    .replace('/tmp/pgbackrest.conf', env.PITR_CONFIG);
  appendFileSync(
    join(data, 'postgresql.conf'),
    `unix_socket_directories='${folder}'\nlisten_addresses=''\narchive_mode=on\narchive_command='${archive}'\n`,
  );
  run('sh', '-c', `PATH=${folder}:$PATH sh ${script} run true`);
  return {
    folder,
    run,
    pitr,
    sql: (statement) => run('psql', '-XqAt', '--dbname=postgres', '--command', statement),
    endOfBackup: () => {
      const info = run('pgbackrest', `--config=${env.PITR_CONFIG}`, '--output=json', 'info');
      const [{ backup }] = JSON.parse(info) as [{ backup: { timestamp: { stop: number } }[] }];
      return Math.max(...backup.map(({ timestamp }) => timestamp.stop));
    },
    start: () => void run('pg_ctl', '--wait', '--silent', '--log', join(folder, 'log'), 'start'),
    stop: () => void run('pg_ctl', '--wait', '--silent', '--mode=fast', 'stop'),
  };
}

test(
  'what was deleted by mistake is there as of the moment before, and what came after that is not',
  { skip },
  async (t) => {
    const server = await createServer();
    server.start();
    t.after(() =>
      spawnSync('setpriv', [
        '--reuid=postgres',
        '--regid=postgres',
        '--clear-groups',
        `${programs}/pg_ctl`,
        '-D',
        join(server.folder, 'data'),
        '-m',
        'immediate',
        'stop',
      ]),
    );
    server.sql('create table people as select generate_series(1, 1000) as id');
    server.pitr('backup');
    // It is written down to the second, and what is wanted back has to be in a later one.
    server.sql(`select pg_sleep_until(to_timestamp(${server.endOfBackup() + 1}))`);
    server.sql('insert into people select generate_series(1001, 1500)');
    const moment = server.sql('select clock_timestamp()');
    server.sql('delete from people where id <= 1000');
    server.sql('insert into people select generate_series(1501, 1600)');
    assert.equal(server.sql('select count(*), min(id), max(id) from people'), '600|1001|1600');
    server.sql('select pg_switch_wal()');
    server.stop();

    assert.match(server.pitr('restore', moment), /goes on from/);
    server.start();
    assert.equal(server.sql('select count(*), min(id), max(id) from people'), '1500|1|1500');
    assert.match(server.pitr('list'), /status: ok[\s\S]*full backup/);
    // Nothing of it can be read without the passphrase.
    const { status } = spawnSync('grep', ['-rqa', 'people', join(server.folder, 'repository')]);
    assert.equal(status, 1);
  },
);

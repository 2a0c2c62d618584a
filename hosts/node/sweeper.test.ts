import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDatabaseClient } from '../../db/client.ts';
import { createLog } from '../../lib/core/log.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { startSweeper } from './sweeper.ts';

const retention = { sentEmailsDays: 7, auditEventsDays: 400 };

test('the router sweeps as soon as it runs, says how much went, and stops between two batches', async (t) => {
  const { url, drop } = await createTestDatabase();
  const database = createDatabaseClient({ url });
  t.after(async () => {
    await database.close();
    await drop();
  });
  await database.sql`
    insert into outbox (id, recipient, letter, sent_at)
    select gen_random_uuid(), 'reader@example.com', 'password-changed', now() - interval '8 days'
    from generate_series(1, 2500)`;
  let tell: (line: string) => void = () => undefined;
  const told = new Promise<string>((resolve) => (tell = resolve));
  const log = createLog({ write: (line) => tell(line) });

  const sweeper = startSweeper({ database, retention, log });
  const line = JSON.parse(await told) as Record<string, unknown>;
  await sweeper.stop();
  assert.deepEqual({ message: line['message'], emails: line['emails'] }, { message: 'swept', emails: 2500 });

  await database.sql`
    insert into outbox (id, recipient, letter, sent_at)
    select gen_random_uuid(), 'reader@example.com', 'password-changed', now() - interval '8 days'
    from generate_series(1, 2500)`;
  await startSweeper({ database, retention, log }).stop();
  assert.equal((await database.sql`select from outbox`).length, 1500);
});

test('a database that is away is told once, with the reason, and tried again later', async () => {
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line) });
  const database = createDatabaseClient({ url: 'postgres://127.0.0.1:1/blockbot' });
  await startSweeper({ database, retention, log }).stop();
  assert.equal(lines.length, 1);
  const { level, message, code, cause } = JSON.parse(lines[0] ?? '') as Record<string, string>;
  assert.deepEqual(
    { level, message, code, cause },
    {
      level: 'warn',
      message: 'the sweep waits for the database',
      code: 'ECONNREFUSED',
      cause: 'connect ECONNREFUSED 127.0.0.1:1',
    },
  );
});

test('a sweep that fails while the database is well is an error in the log, with its cause', async (t) => {
  const { url, drop } = await createTestDatabase();
  const database = createDatabaseClient({ url });
  t.after(async () => {
    await database.close();
    await drop();
  });
  await database.sql`drop table outbox`;
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line) });
  await startSweeper({ database, retention, log }).stop();
  assert.equal(lines.length, 1);
  const { level, message, cause } = JSON.parse(lines[0] ?? '') as Record<string, string>;
  assert.deepEqual({ level, message }, { level: 'error', message: 'the sweep failed' });
  assert.match(cause ?? '', /relation "outbox" does not exist/);
});

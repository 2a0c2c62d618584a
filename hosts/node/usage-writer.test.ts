import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createDatabaseClient } from '../../db/client.ts';
import { createLog } from '../../lib/core/log.ts';
import { KeyUsage } from '../../lib/http/key-usage.ts';
import { createTestDatabase } from '../../test/support/database.ts';
import { startUsageWriter, type UsageWriterParts } from './usage-writer.ts';

/** What is in the log after one use of a key could not be written. */
async function writeOne(database: UsageWriterParts['database']) {
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line) });
  const usage = new KeyUsage();
  usage.count(randomUUID(), { refused: false });
  await startUsageWriter({ database, usage, log }).stop();
  assert.equal(lines.length, 1);
  assert.equal(usage.take().counts.length, 1);
  return JSON.parse(lines[0] ?? '') as Record<string, string>;
}

test('the use of API keys waits for a database that is away, and the log says why', async () => {
  const line = await writeOne(createDatabaseClient({ url: 'postgres://127.0.0.1:1/blockbot' }));
  const { level, message, code, cause } = line;
  assert.deepEqual(
    { level, message, code, cause },
    {
      level: 'warn',
      message: 'the use of API keys waits for the database',
      code: 'ECONNREFUSED',
      cause: 'connect ECONNREFUSED 127.0.0.1:1',
    },
  );
});

test('use of API keys that can not be written while the database is well is an error in the log, with its cause', async (t) => {
  const { url, drop } = await createTestDatabase();
  const database = createDatabaseClient({ url });
  t.after(async () => {
    await database.close();
    await drop();
  });
  await database.sql`drop table api_key_usage`;
  const { level, message, cause } = await writeOne(database);
  assert.deepEqual({ level, message }, { level: 'error', message: 'the use of API keys is not written' });
  assert.match(cause ?? '', /relation "api_key_usage" does not exist/);
});

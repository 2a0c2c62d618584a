/** What the backup's script does to the audit trail of another cluster, by its own statements. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import postgres from 'postgres';
import { createTestDatabase } from '../support/database.ts';

const { url, drop } = await createTestDatabase();
const sql = postgres(url, { max: 1, onnotice: () => undefined });
after(async () => {
  await sql.end();
  await drop();
});
const [, statements = ''] =
  readFileSync('deploy/backup/backup.sh', 'utf8').match(/<<'SQL'\n(.*?)^SQL$/ms) ?? [];

test('events of transactions that this cluster has not come to are served after a restore, and none can be changed', async () => {
  await sql`
    insert into audit_events (id, event, xact) values
      (gen_random_uuid(), 'session.started', '1'), (gen_random_uuid(), 'session.started', '9000000000000')`;
  const count = async () => (await sql`select from audit_events where xact <= pg_current_xact_id()`).length;
  assert.equal(await count(), 1);
  await sql.unsafe(statements);
  assert.equal(await count(), 2);
  assert.equal((await sql`select from audit_events where xact = '1'`).length, 1);
  await assert.rejects(sql`delete from audit_events`, /append only/);
  await sql`alter table audit_events drop column xact`;
  await sql.unsafe(statements);
});

/** Sessions in a database that sets them up otherwise, directly and through a pooler. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import postgres from 'postgres';
import { createTestDatabase } from '../test/support/database.ts';
import { startPgbouncer, withoutPgbouncer } from '../test/support/pgbouncer.ts';
import { createDatabaseClient } from './client.ts';

const foreignSettings = [
  "datestyle to 'SQL, DMY'",
  "datestyle to 'German'",
  "timezone to 'Asia/Kathmandu'",
  "intervalstyle to 'sql_standard'",
  "bytea_output to 'escape'",
  'standard_conforming_strings to off',
  "client_encoding to 'latin1'",
  'search_path to pg_catalog',
];

for (const setting of foreignSettings) {
  for (const [way, skip] of [
    ['directly', false],
    ['through a pooler', withoutPgbouncer],
  ] as const) {
    test(
      `values arrive as what they were where the database sets ${setting}, ${way}`,
      { skip },
      async (t) => {
        const database = await createTestDatabase();
        t.after(database.drop);
        const owner = postgres(database.url, { max: 1, fetch_types: false });
        await owner.unsafe(`alter database ${new URL(database.url).pathname.slice(1)} set ${setting}`);
        await owner.end();
        const url =
          way === 'directly' ? database.url : await startPgbouncer(database.url, 'pool_mode = transaction');
        const client = createDatabaseClient({ url });
        t.after(client.close);

        const id = randomUUID();
        const at = new Date('2026-11-12T10:11:12.345Z');
        const bytes = new Uint8Array([0, 1, 92, 254, 255]);
        const name = 'Zoë \\ Žižek — 東京';
        await client.transaction(
          (sql) =>
            sql`insert into organizations (id, name, slug, created_at) values (${id}, ${name}, ${id}, ${at})`,
        );
        const [row] = await client.sql<{
          name: string;
          createdAt: Date;
          bytes: Uint8Array;
          early: boolean;
          pattern: string;
        }>`
        select name, '\\d' as pattern, created_at, ${bytes}::bytea as bytes, created_at < now() - interval '-1 day' as early
        from organizations where id = ${id}`;
        assert.ok(row);
        assert.deepEqual(
          { ...row, bytes: Uint8Array.from(row.bytes) },
          { name, createdAt: at, bytes, early: true, pattern: '\\d' },
        );
      },
    );
  }
}

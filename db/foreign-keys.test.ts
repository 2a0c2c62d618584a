import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestDatabase } from '../test/support/database.ts';
import { openConnection } from './connection.ts';

interface ForeignKey {
  readonly name: string;
  readonly isFound: boolean;
}

test('what an account, an organization, a session or a key leaves behind when it goes is found by an index', async (t) => {
  const { url, drop } = await createTestDatabase();
  const { sql, close } = openConnection(url);
  t.after(async () => {
    await close();
    await drop();
  });
  // One of some rows only is of no use, unless they are all that refer to anything.
  const keys = await sql<ForeignKey[]>`
    select conname as name, exists (
      select from pg_index
        join pg_class on pg_class.oid = indexrelid
        join pg_am on pg_am.oid = relam and amname = 'btree'
      where indrelid = conrelid and indkey[0] = conkey[1] and cardinality(conkey) = 1 and indisvalid
        and coalesce(pg_get_expr(indpred, indrelid) = format('(%I IS NOT NULL)', attname), true)
    ) as "isFound"
    from pg_constraint join pg_attribute on attrelid = conrelid and attnum = conkey[1]
    where contype = 'f' and connamespace = 'public'::regnamespace`;
  assert.ok(keys.length > 15);
  assert.deepEqual(
    keys.filter(({ isFound }) => !isFound).map(({ name }) => name),
    [],
  );
});

import assert from 'node:assert/strict';
import { after, test, type TestContext } from 'node:test';
import { createTestDatabase } from '../test/support/database.ts';
import { createDatabaseClient } from './client.ts';
import { createLookUp, type Keyed } from './look-up.ts';
import { Outage } from './outage.ts';

const { url, drop } = await createTestDatabase();
after(drop);

/** Finds the letters "a" and "b" of a real table, and notes what each statement was asked for. */
async function openLetters(t: TestContext) {
  const database = createDatabaseClient({ url });
  t.after(() => database.close());
  await database.sql`create table if not exists letters (letter text primary key)`;
  await database.sql`insert into letters values ('a'), ('b') on conflict do nothing`;
  const statements: (readonly string[])[] = [];
  const find = createLookUp((sql, letters) => {
    statements.push(letters);
    return sql<Keyed>`
      select found.* from string_to_table(${letters.join(',')}, ',') as asked (letter)
        cross join lateral (select letter as key from letters where letters.letter = asked.letter limit 1) as found`;
  });
  return { database, statements, find };
}

test('what is asked within one turn is one statement, and each gets the row of its own key', async (t) => {
  const { database, statements, find } = await openLetters(t);
  const asked = ['b', 'a', 'nobody', 'b'];
  const found = await Promise.all(asked.map((letter) => find(database, letter)));
  assert.deepEqual(
    found.map((row) => row?.key),
    ['b', 'a', undefined, 'b'],
  );
  assert.deepEqual(statements, [asked]);
});

test('a statement has 32 keys at most, so that one half is answered while the other is looked up', async (t) => {
  const { database, statements, find } = await openLetters(t);
  const found = await Promise.all(Array.from({ length: 70 }, () => find(database, 'a')));
  assert.ok(found.every((row) => row?.key === 'a'));
  assert.deepEqual(
    statements.map(({ length }) => length),
    [32, 32, 6],
  );
});

test('who has another client is asked for apart', async (t) => {
  const { database, statements, find } = await openLetters(t);
  const other = createDatabaseClient({ url });
  t.after(() => other.close());
  await Promise.all([find(database, 'a'), find(other, 'b')]);
  assert.deepEqual(statements, [['a'], ['b']]);
});

test('an outage is told to all who asked, and the next are asked for anew', async (t) => {
  const { find } = await openLetters(t);
  const away = createDatabaseClient({ url: 'postgres://nobody@127.0.0.1:1/none' });
  t.after(() => away.close());
  const settled = await Promise.allSettled([find(away, 'a'), find(away, 'b')]);
  for (const { status, ...rest } of settled) {
    assert.equal(status, 'rejected');
    assert.ok('reason' in rest && rest.reason instanceof Outage);
  }
  await assert.rejects(find(away, 'a'), Outage);
});

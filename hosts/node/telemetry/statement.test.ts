import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeStatement } from './statement.ts';

for (const [strings, summary] of [
  [['select id from users where email = ', ''], 'SELECT users'],
  [['select 1'], 'SELECT'],
  [['insert into outbox (id, recipient) values (', ', ', ')'], 'INSERT outbox'],
  [['update sessions s set used_at = now() where id = ', ''], 'UPDATE sessions'],
  [['update users set name = ', ''], 'UPDATE users'],
  [['delete from sessions where id = ', ' returning id'], 'DELETE sessions'],
  [['with found as (select id from users for update) delete from sessions using found'], 'DELETE sessions'],
  [['select id from sessions where id = ', ' for update'], 'SELECT sessions'],
  [['with a as (insert into b (c) values (', ')) update d set e = 1'], 'INSERT b UPDATE d'],
  [['insert into limits (a) values (1) on conflict (a) do update set a = 2'], 'INSERT limits'],
  [['select extract(epoch from now()), id from outbox'], 'SELECT outbox'],
] as const) {
  test(`describeStatement calls ${strings.join('?')} ${summary}`, () => {
    assert.equal(describeStatement(strings).summary, summary);
  });
}

test('describeStatement numbers the values, on one line', () => {
  const { text } = describeStatement(['select id\n  from users\n  where email = ', ' and id = ', '']);
  assert.equal(text, 'select id from users where email = $1 and id = $2');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flatten } from './flatten.ts';
import { fragment, type SqlFragment, type SqlValue } from './sql.ts';

const flat = (strings: TemplateStringsArray, ...values: readonly (SqlValue | SqlFragment)[]) => {
  const statement = flatten(strings, values);
  return [[...statement.strings], statement.values];
};

test('flatten leaves a statement without fragments as it is', () => {
  assert.deepEqual(flat`select ${1}, ${null} from a`, [
    ['select ', ', ', ' from a'],
    [1, null],
  ]);
});

test('flatten puts fragments in place, their values in the order of the text, one in another too', () => {
  const inner = fragment`select id from b where c = ${'c'}`;
  const outer = fragment`insert into a select ${2}, x.id from (${inner}) as x`;
  assert.deepEqual(flat`with one as (${outer}), two as (${inner}) select ${3}`, [
    [
      'with one as (insert into a select ',
      ', x.id from (select id from b where c = ',
      ') as x), two as (select id from b where c = ',
      ') select ',
      '',
    ],
    [2, 'c', 'c', 3],
  ]);
});

test('flatten gives the same list each time, which the driver keeps, and another one for other parts', () => {
  const toList = (part: SqlFragment) =>
    ((strings: TemplateStringsArray, ...values: readonly SqlFragment[]) =>
      flatten(strings, values).strings)`select ${part}`;
  const named = (value: string) => fragment`${value} as a`;
  assert.equal(toList(named('first')), toList(named('second')));
  assert.deepEqual([...toList(fragment`1`)], ['select 1']);
  assert.deepEqual([...toList(named('third'))], ['select ', ' as a']);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toTable } from './table.ts';

const table = {
  headings: ['EMAIL', 'NAME', 'ID'],
  rows: [
    ['ada.lovelace@analytical-engines.example', 'Ada', '01a2'],
    ['wu@example.com', '武梅玲', '01a3'],
  ],
  cut: [0, 1],
};

test('toTable lines its columns up, East Asian names too, and cuts nothing where there is no terminal', () => {
  assert.equal(
    toTable(table, undefined),
    [
      'EMAIL                                    NAME    ID\n',
      'ada.lovelace@analytical-engines.example  Ada     01a2\n',
      'wu@example.com                           武梅玲  01a3\n',
    ].join(''),
  );
});

test('toTable fits a narrow terminal by its longest column, and leaves ids whole', () => {
  assert.equal(
    toTable(table, 30),
    [
      'EMAIL             NAME    ID\n',
      'ada.lovelace@an…  Ada     01a2\n',
      'wu@example.com    武梅玲  01a3\n',
    ].join(''),
  );
});

test('toTable shows no character that moves the cursor or turns the line round', () => {
  const text = toTable({ headings: ['NAME'], rows: [['\u001b[31mAda\u202e\n']], cut: [] }, undefined);
  assert.equal(text, 'NAME\n\u{FFFD}[31mAda\u{FFFD}\u{FFFD}\n');
});

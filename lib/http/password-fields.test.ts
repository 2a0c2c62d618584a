import assert from 'node:assert/strict';
import test from 'node:test';
import { newPassword, password } from './password-fields.ts';

type Vector = readonly [what: string, given: unknown, is: string | null];

const newPasswords: readonly Vector[] = [
  ['8 characters', '12345678', '12345678'],
  ['7 characters', '1234567', null],
  ['256 characters', 'x'.repeat(256), 'x'.repeat(256)],
  ['257 characters', 'x'.repeat(257), null],
  ['not trimmed', '  a pass phrase  ', '  a pass phrase  '],
  ['case kept', 'PassPhrase', 'PassPhrase'],
  [
    'any script',
    '\u043f\u0430\u0440\u043e\u043b\u044c-\u{1f511}',
    '\u043f\u0430\u0440\u043e\u043b\u044c-\u{1f511}',
  ],
  ['NUL', 'password\0', null],
  ['a lone surrogate', 'password\udfff', null],
  ['not a text', ['password'], null],
];

const passwords: readonly Vector[] = [
  ['one character, of an older rule', 'x', 'x'],
  ['empty', '', null],
  ['256 characters', 'x'.repeat(256), 'x'.repeat(256)],
  ['257 characters', 'x'.repeat(257), null],
  ['NUL', 'x\0', null],
  ['a lone surrogate', '\ud800', null],
];

test('newPassword takes 8 to 256 characters as they are', () => {
  for (const [what, given, is] of newPasswords) {
    const result = newPassword.safeParse(given);
    assert.equal(result.success ? result.data : null, is, what);
  }
});

test('password takes whatever could once have been set', () => {
  for (const [what, given, is] of passwords) {
    const result = password.safeParse(given);
    assert.equal(result.success ? result.data : null, is, what);
  }
});

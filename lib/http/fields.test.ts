import assert from 'node:assert/strict';
import test from 'node:test';
import { displayName, email, newPassword, password } from './fields.ts';

type Vector = readonly [what: string, given: unknown, is: string | null];

const longest = `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(57)}.com`;

const emails: readonly Vector[] = [
  ['plain', 'ada@example.com', 'ada@example.com'],
  ['trimmed', ' \tada@example.com\n', 'ada@example.com'],
  ['in lower case', 'Ada.Lovelace@EXAMPLE.Com', 'ada.lovelace@example.com'],
  ['a tag', 'ada+test@example.com', 'ada+test@example.com'],
  ['254 characters', longest, longest],
  ['255 characters', `a${longest}`, null],
  ['254 characters and space around', `  ${longest}  `, longest],
  ['empty', '', null],
  ['no at sign', 'example.com', null],
  ['two at signs', 'ada@lovelace@example.com', null],
  ['no host', 'ada@', null],
  ['no dot in the host', 'ada@localhost', null],
  ['a space', 'ada lovelace@example.com', null],
  ['NUL', 'ada\0@example.com', null],
  ['a line end, for a header of an email', 'ada@example.com\r\nBcc: all@example.com', null],
  ['a display name', 'Ada <ada@example.com>', null],
  ['two addresses', 'ada@example.com,eve@example.com', null],
  ['a lone surrogate', 'ada\ud800@example.com', null],
  ['not a text', 7, null],
  ['null', null, null],
];

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

const displayNames: readonly Vector[] = [
  ['plain', 'Ada Lovelace', 'Ada Lovelace'],
  ['trimmed', '  Ada  ', 'Ada'],
  ['nothing but space', ' \t ', null],
  ['100 characters', 'x'.repeat(100), 'x'.repeat(100)],
  ['101 characters', 'x'.repeat(101), null],
  ['any script', '\u5c0f\u6797 \u{1f600}', '\u5c0f\u6797 \u{1f600}'],
  ['NUL', 'Ada\0', null],
  ['a line end', 'Ada\nLovelace', null],
  ['an escape sequence', 'Ada\u001b[2J', null],
  ['a C1 control character', 'Ada\u009b2J', null],
  ['a lone surrogate', 'Ada\ud800', null],
  ...[0x061c, 0x200e, 0x200f, ...range(0x202a, 0x202e), ...range(0x2066, 0x2069)].map((control): Vector => [
    `a bidi control, U+${control.toString(16)}`,
    `A${String.fromCodePoint(control)}da`,
    null,
  ]),
  ...[0xad, 0x115f, 0x1160, 0x180e, 0x200b, 0x2060, 0x2800, 0x3164, 0xfe0f, 0xfeff, 0xffa0, 0xe0041].map(
    (blank): Vector => [
      `nothing visible, U+${blank.toString(16)}`,
      String.fromCodePoint(blank).repeat(2),
      null,
    ],
  ),
  ['nothing visible but space between', '\u200b \u3164', null],
  ['a family of joined emoji', '\u{1f469}\u200d\u{1f467}', '\u{1f469}\u200d\u{1f467}'],
  ['Persian with a joiner', '\u0645\u06cc\u200c\u062e', '\u0645\u06cc\u200c\u062e'],
  ['Hebrew', '\u05d0\u05d3\u05d4', '\u05d0\u05d3\u05d4'],
  ['a Hangul filler beside a letter', '\uac00\u3164', '\uac00\u3164'],
];

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, nth) => first + nth);
}

for (const [name, schema, vectors] of [
  ['email takes a mail address in the form it is stored in', email, emails],
  ['newPassword takes 8 to 256 characters as they are', newPassword, newPasswords],
  ['password takes whatever could once have been set', password, passwords],
  ['displayName takes one line of text', displayName, displayNames],
] as const) {
  test(name, () => {
    for (const [what, given, is] of vectors) {
      const result = schema.safeParse(given);
      assert.equal(result.success ? result.data : null, is, what);
    }
  });
}

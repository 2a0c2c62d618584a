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
  ...['d&g', 'name/dept', 'a=b', 'a~b', 'x!y', "o'neil", '#$%*?^_`{|}', '.a..b.'].map((local): Vector => [
    'what a browser takes for a mailbox',
    `${local}@example.com`,
    `${local}@example.com`,
  ]),
  [
    'a top level of another script',
    'user@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444',
    'user@xn--e1afmkfd.xn--p1ai',
  ],
  ['the same in ASCII', 'User@XN--e1afmkfd.xn--P1AI', 'user@xn--e1afmkfd.xn--p1ai'],
  ['an IDN', 'user@m\u00fcnchen.example', 'user@xn--mnchen-3ya.example'],
  ['an IDN, decomposed and in upper case', 'user@MU\u0308NCHEN.example', 'user@xn--mnchen-3ya.example'],
  ['an ideographic full stop', 'user@example\u3002com', 'user@example.com'],
  [
    '254 characters in ASCII',
    `${'a'.repeat(231)}@m\u00fcnchen.example`,
    `${'a'.repeat(231)}@xn--mnchen-3ya.example`,
  ],
  ['255 characters in ASCII', `${'a'.repeat(232)}@m\u00fcnchen.example`, null],
  ['a Kelvin sign in the mailbox', '\u212aate@example.com', null],
  ['a full-width mailbox', '\uff41da@example.com', null],
  ['a mailbox of another script', '\u0430da@example.com', null],
  ['a soft hyphen in the mailbox', 'a\u00adda@example.com', null],
  ['NUL in the host', 'ada@exam\0ple.com', null],
  ['a tab in the host, which a URL would drop', 'ada@exam\tple.com', null],
  ['a line end in the host', 'ada@exam\r\nple.com', null],
  ['a percent escape in the host', 'ada@ex%61mple.com', null],
  ['a full-width percent escape in the host', 'ada@ex\uff0561mple.com', null],
  ['a path', 'ada@example.com/inbox', null],
  ['a full-width solidus', 'ada@example.com\uff0finbox', null],
  ['a port', 'ada@example.com:25', null],
  ['a query', 'ada@example.com?a=b', null],
  ['a fragment', 'ada@example.com#a', null],
  ['a backslash', 'ada@example.com\\a', null],
  ['credentials in the host', 'ada@eve:a@example.com', null],
  ['a quoted mailbox', '"ada"@example.com', null],
  ['a quoted at sign', '"ada@lovelace"@example.com', null],
  ['a comment', 'ada(lovelace)@example.com', null],
  ['an IPv4 literal', 'ada@[192.0.2.1]', null],
  ['an IPv6 literal', 'ada@[IPv6:2001:db8::1]', null],
  ['an IPv4 address', 'ada@192.0.2.1', null],
  ['an IPv4 address in short', 'ada@127.1', null],
  ['an IPv4 address in hexadecimal', 'ada@0x7f.0x1', null],
  ['a full-width IPv4 address', 'ada@\uff11\uff12\uff17.\uff11', null],
  ['a list by semicolon', 'ada@example.com;eve@example.com', null],
  ['an empty label', 'ada@example..com', null],
  ['a dot at the end', 'ada@example.com.', null],
  ['a hyphen at the end of a label', 'ada@example-.com', null],
  ['an underscore in the host', 'ada@exam_ple.com', null],
  ['broken Punycode', 'ada@xn--\u00fc.example', null],
  ['nothing but ignorable characters for a host', 'ada@\u200b', null],
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

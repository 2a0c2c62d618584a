import assert from 'node:assert/strict';
import test from 'node:test';
import { email } from './email-field.ts';

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

test('email takes a mail address in the form it is stored in', () => {
  for (const [what, given, is] of emails) {
    const result = email.safeParse(given);
    assert.equal(result.success ? result.data : null, is, what);
  }
});

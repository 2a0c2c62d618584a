import assert from 'node:assert/strict';
import test from 'node:test';
import { displayName } from './name-fields.ts';

type Vector = readonly [what: string, given: unknown, is: string | null];

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

test('displayName takes one line of text', () => {
  for (const [what, given, is] of displayNames) {
    const result = displayName.safeParse(given);
    assert.equal(result.success ? result.data : null, is, what);
  }
});

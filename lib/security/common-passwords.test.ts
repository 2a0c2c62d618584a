import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { dictionary } from '@zxcvbn-ts/language-common';
import { commonPasswordFingerprints } from './common-password-fingerprints.ts';
import { isCommonPassword } from './common-passwords.ts';

test('isCommonPassword knows the 3,000 most common passwords of 8 and more characters, and not those behind them', () => {
  const long = dictionary['passwords-common'].filter((password) => password.length >= 8);
  assert.deepEqual(
    long.slice(0, 3000).filter((password) => !isCommonPassword(password)),
    [],
  );
  const known = long.slice(3000, 6000).filter(isCommonPassword);
  assert.ok(known.length < 300, `${known.length} of those that follow`);
});

const verdicts: readonly (readonly [isCommon: boolean, ...passwords: readonly string[]])[] = [
  [true, 'password', 'Password', 'PASSWORD1', 'ｐａｓｓｗｏｒｄ', '1q2w3e4r', 'iloveyou'],
  [true, 'qwertyuiop', 'asdfghjkl', '1234567890', '0987654321', 'qazwsxedc'],
  [true, 'aaaaaaaa', 'a'.repeat(256), 'AaAaAaAa', 'abababab', 'xyzxyzxyz', '\u{1f600}'.repeat(8), '        '],
  [true, '12345678', '789012345', '87654321', 'abcdefgh', 'ZYXWVUTS', 'стуфхцчш'],
  [false, 'correct horse battery staple', 'aaaaaaab', '123456-789', 'abcdefghj', 'acegikmo', 'abcdabcd.'],
];

test('isCommonPassword knows repetitions and sequences, however they are spelled', () => {
  for (const [isCommon, ...passwords] of verdicts) {
    for (const password of passwords) assert.equal(isCommonPassword(password), isCommon, password);
  }
});

test('the list takes 12 kB, and one in 5,600 of other passwords for one of its own', () => {
  assert.ok(commonPasswordFingerprints.length <= 12_000);
  assert.ok(commonPasswordFingerprints.length / 4 > 2990, 'few of them share their bits with another');
  const others = Array.from({ length: 20_000 }, () => randomBytes(12).toString('base64'));
  const refused = others.filter(isCommonPassword).length;
  assert.ok(refused < 20, `${refused} of 20,000 where 3.6 are to be expected`);
});

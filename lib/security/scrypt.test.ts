import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import test from 'node:test';
import { toBase64 } from '../core/base64.ts';
import { scrypt } from './scrypt.ts';

test('scrypt hashes to a PHC string with 16 bytes of salt and 32 of key, another each time', async () => {
  const [one, other] = await Promise.all([scrypt.hash('password'), scrypt.hash('password')]);
  assert.match(one, /^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z\d+/]{22}\$[A-Za-z\d+/]{43}$/);
  assert.ok(one.startsWith(scrypt.prefix));
  assert.notEqual(one, other);
});

test('scrypt verifies the password it hashed and no other', async () => {
  const phc = await scrypt.hash('password');
  assert.equal(await scrypt.verify('password', phc), true);
  // 'password\0' would match: HMAC pads its key with zeros. The fields let no NUL through.
  for (const other of ['', 'Password', 'password ']) {
    assert.equal(await scrypt.verify(other, phc), false, JSON.stringify(other));
  }
});

test('scrypt verifies the third vector of RFC 7914, section 12', async () => {
  const salt = toBase64(Buffer.from('SodiumChloride'));
  const key = Buffer.from(
    '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
      'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
    'hex',
  );
  const phc = `$scrypt$ln=14,r=8,p=1$${salt}$${toBase64(key)}`;
  assert.equal(await scrypt.verify('pleaseletmein', phc), true);
  assert.equal(await scrypt.verify('pleaseletmein.', phc), false);
});

const salt = 'c2FsdHNhbHRzYWx0c2FsdA';
const key = 'a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U';

const refused: readonly (readonly [what: string, phc: string])[] = [
  ['empty', ''],
  ['another algorithm', `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${key}`],
  ['more than workerd allows', `$scrypt$ln=15,r=8,p=5$${salt}$${key}`],
  ['far too much', `$scrypt$ln=99,r=99,p=99$${salt}$${key}`],
  ['three digits', `$scrypt$ln=14,r=8,p=100$${salt}$${key}`],
  ['no r', `$scrypt$ln=14,r=0,p=5$${salt}$${key}`],
  ['no p', `$scrypt$ln=14,r=8,p=0$${salt}$${key}`],
  ['N of 1', `$scrypt$ln=0,r=8,p=5$${salt}$${key}`],
  ['N too great for its r', `$scrypt$ln=16,r=1,p=1$${salt}$${key}`],
  ['a salt of an impossible length', `$scrypt$ln=4,r=8,p=1$${'a'.repeat(25)}$${key}`],
  ['a key of an impossible length', `$scrypt$ln=4,r=8,p=1$${salt}$${'a'.repeat(25)}`],
  ['base64url', `$scrypt$ln=4,r=8,p=1$${salt.slice(0, -2)}_A$${key}`],
  ['bits to spare that are not zero', `$scrypt$ln=4,r=8,p=1$${salt.slice(0, -1)}B$${key}`],
  ['negative', `$scrypt$ln=14,r=8,p=-5$${salt}$${key}`],
  ['another order', `$scrypt$r=8,ln=14,p=5$${salt}$${key}`],
  ['no costs', `$scrypt$${salt}$${key}`],
  ['no key', `$scrypt$ln=14,r=8,p=5$${salt}`],
  ['an empty key', `$scrypt$ln=14,r=8,p=5$${salt}$`],
  ['a short key', `$scrypt$ln=14,r=8,p=5$${salt}$a2V5`],
  ['a short salt', `$scrypt$ln=14,r=8,p=5$c2E$${key}`],
  ['a very long key', `$scrypt$ln=14,r=8,p=5$${salt}$${'a'.repeat(88)}`],
  ['padding', `$scrypt$ln=14,r=8,p=5$${salt}==$${key}`],
  ['more behind it', `$scrypt$ln=14,r=8,p=5$${salt}$${key}$${key}`],
];

test('scrypt answers no to a string that is malformed or asks for too much, and does not throw', async () => {
  for (const [what, phc] of refused) assert.equal(await scrypt.verify('password', phc), false, what);
});

/** Hashes at any costs, so that a refusal can't be taken for another password. */
function hashAt({ ln, r, p }: { ln: number; r: number; p: number }): string {
  const salt = Buffer.from('a salt of 16 byt');
  const key = scryptSync('password', salt, 32, { N: 2 ** ln, r, p, maxmem: 2 ** 30 });
  return `$scrypt$ln=${ln},r=${r},p=${p}$${toBase64(salt)}$${toBase64(key)}`;
}

const bounds = [
  { ln: 1, r: 1, p: 1, affordable: true },
  { ln: 1, r: 8, p: 99, affordable: true },
  { ln: 1, r: 99, p: 99, affordable: true },
  { ln: 15, r: 1, p: 1, affordable: true },
  { ln: 17, r: 8, p: 1, affordable: true },
  { ln: 15, r: 8, p: 5, affordable: false },
  { ln: 13, r: 43, p: 3, affordable: false },
];

test('scrypt verifies up to what workerd allows, and beyond it not even the right password', async () => {
  for (const { affordable, ...costs } of bounds) {
    const phc = hashAt(costs);
    assert.equal(await scrypt.verify('password', phc), affordable, phc);
    if (affordable) assert.equal(await scrypt.verify('Password', phc), false, phc);
  }
});

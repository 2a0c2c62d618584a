import assert from 'node:assert/strict';
import test from 'node:test';
import { hash } from '@node-rs/argon2';
import { argon2id } from './argon2.ts';

test('argon2id hashes to a PHC string with OWASP’s costs, another each time', async () => {
  const [one, other] = await Promise.all([argon2id.hash('password'), argon2id.hash('password')]);
  assert.match(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z\d+/]{22}\$[A-Za-z\d+/]{43}$/);
  assert.ok(one.startsWith(argon2id.prefix));
  assert.notEqual(one, other);
});

test('argon2id verifies the password it hashed and no other', async () => {
  const phc = await argon2id.hash('password');
  assert.equal(await argon2id.verify('password', phc), true);
  for (const other of ['', 'Password', 'password ', 'password\0']) {
    assert.equal(await argon2id.verify(other, phc), false, JSON.stringify(other));
  }
});

test('argon2id verifies a hash of the reference implementation, of other costs', async () => {
  // From https://github.com/P-H-C/phc-winner-argon2, src/test.c: version 0x13, Argon2id.
  const phc = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4';
  assert.equal(await argon2id.verify('password', phc), true);
  assert.equal(await argon2id.verify('Password', phc), false);
});

const salt = 'c2FsdHNhbHRzYWx0c2FsdA';
const key = 'a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2V5a2U';

const refused: readonly (readonly [what: string, phc: string])[] = [
  ['empty', ''],
  ['another algorithm', `$scrypt$ln=14,r=8,p=5$${salt}$${key}`],
  ['argon2i', `$argon2i$v=19$m=19456,t=2,p=1$${salt}$${key}`],
  ['version 16', `$argon2id$v=16$m=19456,t=2,p=1$${salt}$${key}`],
  ['no version', `$argon2id$m=19456,t=2,p=1$${salt}$${key}`],
  ['more than 64 MiB', `$argon2id$v=19$m=65537,t=2,p=1$${salt}$${key}`],
  ['far more', `$argon2id$v=19$m=4294967295,t=2,p=1$${salt}$${key}`],
  ['more than 8 passes', `$argon2id$v=19$m=19456,t=9,p=1$${salt}$${key}`],
  ['more than 4 lanes', `$argon2id$v=19$m=19456,t=2,p=5$${salt}$${key}`],
  ['two digits of lanes', `$argon2id$v=19$m=19456,t=2,p=10$${salt}$${key}`],
  ['another order', `$argon2id$v=19$t=2,m=19456,p=1$${salt}$${key}`],
  ['no key', `$argon2id$v=19$m=19456,t=2,p=1$${salt}`],
  ['a short key', `$argon2id$v=19$m=19456,t=2,p=1$${salt}$a2V5`],
  ['a short salt', `$argon2id$v=19$m=19456,t=2,p=1$c2E$${key}`],
  ['padding', `$argon2id$v=19$m=19456,t=2,p=1$${salt}==$${key}`],
  ['no memory', `$argon2id$v=19$m=0,t=2,p=1$${salt}$${key}`],
  ['less memory than its lanes need', `$argon2id$v=19$m=31,t=2,p=4$${salt}$${key}`],
  ['no pass', `$argon2id$v=19$m=256,t=0,p=1$${salt}$${key}`],
  ['no lane', `$argon2id$v=19$m=256,t=2,p=0$${salt}$${key}`],
  ['a salt of an impossible length', `$argon2id$v=19$m=256,t=2,p=1$${'a'.repeat(25)}$${key}`],
  ['a key of an impossible length', `$argon2id$v=19$m=256,t=2,p=1$${salt}$${'a'.repeat(25)}`],
  ['base64url', `$argon2id$v=19$m=256,t=2,p=1$${salt.slice(0, -2)}_A$${key}`],
  ['bits to spare that are not zero', `$argon2id$v=19$m=256,t=2,p=1$${salt.slice(0, -1)}B$${key}`],
  ['more behind it', `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${key}$${key}`],
];

test('argon2id answers no to a string that is malformed or asks for too much, and does not throw', async () => {
  for (const [what, phc] of refused) assert.equal(await argon2id.verify('password', phc), false, what);
});

const bounds = [
  { memoryCost: 8, timeCost: 1, parallelism: 1, affordable: true },
  { memoryCost: 32, timeCost: 8, parallelism: 4, affordable: true },
  { memoryCost: 65_536, timeCost: 1, parallelism: 1, affordable: true },
  { memoryCost: 65_537, timeCost: 1, parallelism: 1, affordable: false },
  { memoryCost: 256, timeCost: 9, parallelism: 1, affordable: false },
  { memoryCost: 256, timeCost: 1, parallelism: 5, affordable: false },
];

test('argon2id verifies what it is ready to spend, and beyond it not even the right password', async () => {
  for (const { affordable, ...costs } of bounds) {
    const phc = await hash('password', costs);
    assert.equal(await argon2id.verify('password', phc), affordable, phc);
    if (affordable) assert.equal(await argon2id.verify('Password', phc), false, phc);
  }
});

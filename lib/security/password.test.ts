import assert from 'node:assert/strict';
import test from 'node:test';
import { argon2id } from '../../hosts/node/argon2.ts';
import { createPasswordHasher, type PasswordAlgorithm } from './password.ts';
import { scrypt } from './scrypt.ts';

/** An algorithm that keeps what it is asked for and says no to a password "wrong". */
function createRecorder(id: string, prefix = `$${id}$today$`) {
  const asked: (readonly [what: 'hash' | 'verify', password: string, phc?: string])[] = [];
  const algorithm: PasswordAlgorithm = {
    id,
    prefix,
    hash: async (password) => {
      asked.push(['hash', password]);
      return `${prefix}salt$key`;
    },
    verify: async (password, phc) => {
      asked.push(['verify', password, phc]);
      return password !== 'wrong';
    },
  };
  return { asked, algorithm };
}

const places = { concurrency: 2, queue: 10 };

test('createPasswordHasher hashes with the first algorithm and verifies with the one that the hash names', async () => {
  const first = createRecorder('first');
  const second = createRecorder('second');
  const hasher = createPasswordHasher([first.algorithm, second.algorithm], places);
  assert.equal(await hasher.hash('password'), '$first$today$salt$key');
  assert.equal(await hasher.verify('password', '$second$older$salt$key'), true);
  assert.equal(await hasher.verify('wrong', '$first$older$salt$key'), false);
  assert.deepEqual(first.asked, [
    ['hash', 'password'],
    ['verify', 'wrong', '$first$older$salt$key'],
  ]);
  assert.deepEqual(second.asked, [['verify', 'password', '$second$older$salt$key']]);
});

test('verify does the work where there is nothing to compare with, and never says yes', async () => {
  const { asked, algorithm } = createRecorder('first');
  const hasher = createPasswordHasher([algorithm], places);
  const nothing = [null, '', '$unknown$x$salt$key', '$firstborn$x$salt$key', 'first$x', 'plain text'];
  for (const phc of nothing) assert.equal(await hasher.verify('password', phc), false, String(phc));
  assert.equal(asked.length, nothing.length);
  for (const [, , decoy] of asked) assert.match(decoy ?? '', /^\$first\$today\$[\w+/]{22}\$[\w+/]{43}$/);
});

test('verify spends on nobody what today’s costs are, with each algorithm', async () => {
  for (const algorithm of [argon2id, scrypt]) {
    let spent = 0;
    const counting: PasswordAlgorithm = {
      ...algorithm,
      verify: async (password, phc) => {
        assert.ok(phc.startsWith(algorithm.prefix));
        const matches = await algorithm.verify(password, phc);
        spent++;
        return matches;
      },
    };
    const hasher = createPasswordHasher([counting], places);
    assert.equal(await hasher.verify('password', null), false);
    assert.equal(spent, 1, algorithm.id);
  }
});

test('isOutdated tells a hash of other costs, and not one of another approved algorithm', async () => {
  const first = createRecorder('first');
  const second = createRecorder('second');
  const { isOutdated } = createPasswordHasher([first.algorithm, second.algorithm], places);
  const vectors = [
    ['$first$today$salt$key', false],
    ['$second$today$salt$key', false],
    ['$first$yesterday$salt$key', true],
    ['$second$yesterday$salt$key', true],
    ['$2b$12$salt', true],
    ['', true],
  ] as const;
  for (const [phc, outdated] of vectors) assert.equal(isOutdated(phc), outdated, phc);
});

test('createPasswordHasher takes one text typed on two keyboards for one password (NFKC)', async () => {
  const hasher = createPasswordHasher([argon2id, scrypt], places);
  const edge = createPasswordHasher([scrypt], places);
  const pairs = [
    ['caf\u00e9 au lait', 'cafe\u0301 au lait'],
    ['\ufb01nancial', 'financial'],
    ['\uff50\uff41\uff53\uff53word', 'password'],
  ] as const;
  for (const [one, other] of pairs) {
    assert.equal(await hasher.verify(other, await hasher.hash(one)), true, other);
    assert.equal(await hasher.verify(one, await edge.hash(other)), true, `${other}, scrypt`);
  }
  assert.equal(await hasher.verify('CAF\u00c9 au lait', await hasher.hash('caf\u00e9 au lait')), false);
});

test('createPasswordHasher verifies what either host made, whichever algorithm it prefers', async () => {
  const node = createPasswordHasher([argon2id, scrypt], places);
  const edge = createPasswordHasher([scrypt], places);
  const container = createPasswordHasher([scrypt, argon2id], places);
  const ofNode = await node.hash('password');
  const ofEdge = await edge.hash('password');
  assert.match(ofNode, /^\$argon2id\$/);
  assert.match(ofEdge, /^\$scrypt\$/);
  assert.equal(await node.verify('password', ofEdge), true);
  assert.equal(await node.verify('Password', ofEdge), false);
  assert.equal(await container.verify('password', ofNode), true);
  assert.equal(await edge.verify('password', ofNode), false, 'argon2id is not native there');
  for (const hasher of [node, container]) {
    assert.deepEqual([hasher.isOutdated(ofNode), hasher.isOutdated(ofEdge)], [false, false]);
  }
});

test('createPasswordHasher turns away who comes when all places are taken, for hashing and verifying', async () => {
  const { algorithm } = createRecorder('first');
  const hasher = createPasswordHasher([algorithm], { concurrency: 1, queue: 0 });
  const first = hasher.hash('password');
  const others = [hasher.hash('password'), hasher.verify('password', null)];
  for (const other of others) await assert.rejects(other, { slug: 'overloaded' });
  await first;
  assert.equal(await hasher.verify('password', '$first$today$salt$key'), true);
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import type { JWK } from 'jose';
import { createJwtKeys } from '../lib/security/jwt.ts';

function run(args: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'scripts/keys.ts', ...args],
    {
      encoding: 'utf8',
      input,
    },
  );
  return { status, stderr, keys: status === 0 ? (JSON.parse(stdout) as { keys: JWK[] }).keys : [] };
}

const idsOf = (keys: readonly JWK[]) => keys.map(({ kid }) => kid);

test('make prints two private keys, and rotate publishes each a rotation before it signs', async () => {
  const { keys: first } = run(['make', '--alg', 'EdDSA']);
  const { keys: second } = run(['rotate', '-'], JSON.stringify({ keys: first }));
  const { keys: third } = run(['rotate', '-'], JSON.stringify({ keys: second }));
  const [a, b] = idsOf(first);
  const c = idsOf(second)[1];
  assert.deepEqual(idsOf(second), [b, c, a]);
  assert.deepEqual(idsOf(third), [c, idsOf(third)[1], b]);

  const sub = '01890a5d-ac96-774b-bcce-b302099a8057';
  const claims = { sub, sid: '01890a5d-ac96-774b-bcce-b302099a8058', auth_time: 1, amr: ['pwd'], as_of: 1 };
  const issuer = 'https://api.example.com';
  const token = await (await createJwtKeys(first, { issuer })).sign(claims);
  assert.equal((await (await createJwtKeys(second, { issuer })).verify(token)).sub, sub);
});

test('keys refuses what is no private JWK set, or no file, with 1, and wrong usage with 2', () => {
  assert.equal(run(['rotate', '-'], '{"keys":[{"kid":"a"}]}').status, 1);
  assert.equal(run(['rotate', '-'], 'nonsense').status, 1);
  const absent = run(['rotate', '/nope/jwt_private_keys']);
  assert.deepEqual([absent.status, absent.stderr], [1, '/nope/jwt_private_keys: there is no such file\n']);
  const folder = run(['rotate', 'scripts']);
  assert.deepEqual([folder.status, folder.stderr], [1, "scripts: can't be read (EISDIR)\n"]);
  for (const args of [[], ['make', 'it'], ['rotate'], ['make', '--alg', 'HS256']]) {
    const { status, stderr } = run(args);
    assert.equal(status, 2, args.join(' '));
    // The last argument is what is wrong in each of them.
    assert.ok(stderr.split('\n')[0]?.includes(args.at(-1) ?? 'make'), stderr);
  }
});

/** The examples of docs/verify-tokens.md, started without what they need. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { pythons } from './programs.ts';

const python = pythons[0] ?? 'python3';
const examples = [
  { folder: 'service-node', command: [process.execPath, 'server.js'], skip: false },
  {
    folder: 'service-python',
    command: [python, 'server.py'],
    skip: pythons.length === 0 && 'no python3 has PyJWT (pip install -r requirements.txt)',
  },
] as const;

for (const { folder, command, skip } of examples) {
  test(`${folder} says which variables to set, and in no trace of a stack`, { skip }, () => {
    const [program, file] = command;
    for (const env of [{}, { ISSUER: 'http://localhost:3000' }, { AUDIENCE: 'billing' }]) {
      const { status, stderr } = spawnSync(program, [file], {
        cwd: `examples/${folder}`,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], ...env },
      });
      assert.equal(status, 1);
      assert.match(stderr, /^ISSUER and AUDIENCE: set both.*\n$/);
    }
  });
}

test('service-node says so of an ISSUER that is no address', () => {
  const { status, stderr } = spawnSync(process.execPath, ['server.js'], {
    cwd: 'examples/service-node',
    encoding: 'utf8',
    env: { ISSUER: 'localhost:3000', AUDIENCE: 'billing' },
  });
  assert.equal(status, 1);
  assert.match(stderr, /^ISSUER and AUDIENCE: set both, ISSUER to an address such as .*\n$/);
});

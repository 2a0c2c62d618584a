/** The bench holds the sweep and the schema to what they were when it was written, and nobody runs it for weeks. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

test('the bench of a full database asks for and sweeps each kind of row, at its smallest', () => {
  const command = ['--import', 'tsx', 'bench/scale.ts', '--scale', '0.002', '--rounds', '1'];
  const { PATH } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    encoding: 'utf8',
    env: { PATH },
  });
  // By so few rounds nothing is slow or fast; 1 is what says so.
  assert.ok(status === 0 || status === 1, stderr);
  const names = [...stdout.matchAll(/^\| ([^|]+) \| \d[^|]*\| \d/gm)].map(([, name = '']) => name);
  assert.deepEqual(
    names.filter((name) => !name.startsWith('sweep')),
    ['sign-in', 'refresh', 'GET /v1/me', 'GET /v1/sessions', 'DELETE /v1/me'],
    stderr,
  );
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.length > 5, stderr);
});

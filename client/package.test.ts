/** The package as it is published, installed elsewhere: the lines of its README run there. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startBlockbot } from '../test/support/blockbot.ts';
import { makeTemporaryFolder } from '../test/support/folder.ts';
import { serve } from '../test/support/served-blockbot.ts';

const run = promisify(execFile);
const folder = await makeTemporaryFolder();
const { url, asked } = await serve(await startBlockbot());

test('the package can be installed by its file, has no more than it needs, and does what its README shows', async () => {
  const { stdout } = await run('npm', ['pack', './client', '--json', '--pack-destination', folder]);
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as [
    { filename: string; files: { path: string }[] },
  ];
  const paths = packed.files.map(({ path }) => path).filter((path) => !path.startsWith('dist/'));
  assert.deepEqual(paths.sort(), ['LICENSE', 'README.md', 'package.json']);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  await run('npm', ['install', '--no-audit', '--no-fund', '--offline', `./${packed.filename}`], {
    cwd: folder,
  });
  const [, script = ''] = readFileSync('client/README.md', 'utf8').match(/^```js\n(.*?)^```/ms) ?? [];
  assert.ok(script.includes('http://localhost:3000'));
  writeFileSync(join(folder, 'app.js'), script.replace('http://localhost:3000', url));
  const told = await run(process.execPath, ['app.js'], { cwd: folder });
  assert.equal(told.stdout + told.stderr, 'ada@example.org\n');
  assert.deepEqual(asked, [
    'POST /v1/auth/register',
    'GET /v1/me',
    'GET /v1/sessions',
    'POST /v1/auth/logout',
  ]);
});

test('the package has the version and the licence of the whole', () => {
  const [whole, own] = ['package.json', 'client/package.json'].map(
    (path) => JSON.parse(readFileSync(path, 'utf8')) as { version: string; license: string },
  );
  assert.deepEqual([own?.version, own?.license], [whole?.version, whole?.license]);
  assert.equal(readFileSync('client/LICENSE', 'utf8'), readFileSync('LICENSE', 'utf8'));
});

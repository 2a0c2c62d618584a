import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, lstat, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { makeTemporaryFolder } from '../../../test/support/folder.ts';
import { locateBinaries } from './binaries.ts';

const isRoot = process.getuid?.() === 0;
/** The account that has no rights anywhere: usually called nobody. */
const nobody = 65534;
const asNobody = ['--reuid', String(nobody), '--regid', String(nobody), '--clear-groups', process.execPath];

const canRun = !isRoot || spawnSync('setpriv', [...asNobody, '--version']).status === 0;

test(
  'an ordinary user starts Postgres from a bundle, with a package whose install script never ran',
  { skip: canRun ? false : 'nobody may not run node here' },
  async (t) => {
    const folder = await makeTemporaryFolder();
    await chmod(folder, 0o755);
    const source = dirname(dirname(await locateBinaries()));
    const copy = join(folder, 'node_modules', ...source.split('/').slice(-2));
    await cp(source, copy, {
      recursive: true,
      filter: async (path) => !(await lstat(path)).isSymbolicLink(),
    });
    await build({
      entryPoints: [fileURLToPath(new URL('../../../test/support/postgres-owner.ts', import.meta.url))],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile: join(folder, 'dist', 'owner.mjs'),
    });
    const dataDir = join(folder, 'data');
    await mkdir(dataDir);
    if (isRoot) execFileSync('chown', ['-R', `${nobody}:${nobody}`, folder]);

    const [file = '', ...args] = isRoot ? ['setpriv', ...asNobody] : [process.execPath];
    const child = spawn(file, [...args, join(folder, 'dist', 'owner.mjs'), dataDir], {
      stdio: ['pipe', 'pipe', 'inherit'],
      cwd: folder,
    });
    t.after(() => child.kill('SIGKILL'));
    const exit = once(child, 'exit');
    const [line] = await once(createInterface(child.stdout), 'line');
    assert.match(String(line), /^postgres:\/\/blockbot:.+@127\.0\.0\.1:\d+\/blockbot$/);
    assert.equal((await stat(join(dataDir, 'postgres'))).uid, isRoot ? nobody : process.getuid?.());
    child.stdin.end();
    assert.deepEqual(await exit, [0, null]);
  },
);

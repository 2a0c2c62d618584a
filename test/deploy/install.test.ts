/** What ./blockbot install is told, with stand-ins for whatever would change the host. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTemporaryFolder } from '../support/folder.ts';

test('./blockbot install refuses what it does not know with the usage, and the host is as it was', async () => {
  for (const [args, said] of [
    [['--bogus'], "Unknown option '--bogus'"],
    [['--app-olny'], "Unknown option '--app-olny'"],
    [['--app-only', '--folder', '/srv'], "Unknown option '--folder'"],
    [['--mail-acount=re_secret'], "Unknown option '--mail-acount'"],
    [['--domain', 'api.example.com', 'now'], "Unexpected argument 'now'"],
    [['--domain'], "Option '--domain' needs a value"],
    [['--domain', '--email', 'ops@example.com'], "Option '--domain' needs a value"],
  ] as const) {
    const { status, errors, calls } = await install(args);
    assert.equal(status, 2, errors);
    assert.equal(errors.split('\n')[0], said);
    assert.match(errors, /^Usage: \.\/blockbot/m);
    assert.deepEqual(calls, []);
  }
});

test('./blockbot install --help is the usage, and the host is as it was', async () => {
  for (const args of [['--help'], ['-h'], ['--app-only', '--help']]) {
    const { status, output, calls } = await install(args);
    assert.equal(status, 0);
    assert.match(output, /^Usage: \.\/blockbot/);
    assert.deepEqual(calls, []);
  }
});

test('./blockbot install hands the answers to init-env, wherever --app-only stands among them', async () => {
  for (const args of [
    ['--app-only', '--domain', 'api.example.com', '--mail-from=Ada <ada@example.com>', '--mail-account', '-'],
    ['--domain', 'api.example.com', '--mail-from=Ada <ada@example.com>', '--mail-account', '-', '--app-only'],
  ]) {
    const { status, errors, calls } = await install(args);
    assert.equal(status, 0, errors);
    const asked = calls.find((call) => call.includes(' init-env '));
    assert.match(
      asked ?? '',
      / --folder \/work --domain api\.example\.com --mail-from=Ada <ada@example\.com> --mail-account -$/,
    );
    assert.ok(!calls.some((call) => call.startsWith('apt-get')), 'the host is left alone');
  }
});

/** In a folder of its own, as root so far as `id` tells; nothing that is called does anything. */
async function install(args: readonly string[]) {
  const folder = await makeTemporaryFolder();
  const [bin, log] = [join(folder, 'bin'), join(folder, 'calls')];
  await mkdir(bin);
  await writeFile(log, '');
  await copyFile('blockbot', join(folder, 'blockbot'));
  await standIn('id', 'echo 0');
  // The first that changes the host: whoever comes so far goes no further.
  await standIn('apt-get', `echo "apt-get $*" >>"${log}"; exit 1`);
  await standIn('docker', `echo "docker $*" >>"${log}"`);
  const { status, stdout, stderr } = spawnSync(join(folder, 'blockbot'), ['install', ...args], {
    encoding: 'utf8',
    env: { PATH: `${bin}:${process.env['PATH']}` },
  });
  const calls = (await readFile(log, 'utf8')).split('\n').filter((line) => line !== '');
  return { status, output: stdout, errors: stderr, calls };

  async function standIn(name: string, script: string) {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  }
}

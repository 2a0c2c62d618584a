import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { makeTemporaryFolder } from '../support/folder.ts';
import { docker, images, run, withEngine } from './engine.ts';

describe('docker-compose.yml', withEngine, () => {
  const compose = (...args: readonly string[]) =>
    run('docker', ['compose', '--file', 'docker-compose.yml', ...args]);

  before(async () => {
    await docker('tag', images.current, 'blockbot:dev');
    const { code, errors } = await compose('up', '-d', '--no-build', '--wait', '--wait-timeout', '60');
    assert.equal(code, 0, errors);
  });
  after(() => compose('--profile', 'router', 'down', '--volumes', '--timeout', '1'));

  test('npm run dev finds its services, migrates the database and answers with both', async (context) => {
    const dev = spawn(process.execPath, ['--import', 'tsx', 'scripts/dev.ts'], {
      env: { ...process.env, PORT: '13999', DATA_DIR: await makeTemporaryFolder() },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    context.after(() => dev.kill());
    let said = '';
    // Read to the end: a router whose output nobody takes would fail at writing it.
    await new Promise<void>((resolve, reject) => {
      dev.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes('"listening"')) resolve();
      });
      dev.once('exit', (code) => {
        reject(new Error(`npm run dev ended with ${String(code)}: ${said}`));
      });
    });
    assert.match(said, /uses Postgres of docker-compose\.yml/);
    assert.match(said, /uses redis-rest of docker-compose\.yml/);
    assert.match(said, /applied 0000_accounts/);
    const health = await fetch('http://127.0.0.1:13999/health');
    const { status, checks } = (await health.json()) as { status: string; checks: Record<string, unknown> };
    assert.equal(status, 'pass');
    assert.ok('postgres:responseTime' in checks && 'redis:responseTime' in checks);
    dev.kill('SIGINT');
    await once(dev, 'exit');
  });

  test('the profile router has Blockbot beside them, and a restart keeps what it made for itself', async () => {
    // By its name: without a registry there is no mailpit, whose emails wait.
    const args = ['up', '-d', '--no-build', '--wait', '--wait-timeout', '60', 'router'];
    const up = () => compose('--profile', 'router', ...args);
    const { code, errors } = await up();
    assert.equal(code, 0, errors);
    const readKeys = async () => (await fetch('http://127.0.0.1:3000/.well-known/jwks.json')).text();
    const keys = await readKeys();
    const registered = await fetch('http://127.0.0.1:3000/v1/auth/register', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ email: 'ada@example.com', password: 'correct horse battery staple' }),
    });
    assert.equal(registered.status, 201);
    const down = await compose('--profile', 'router', 'rm', '--force', '--stop', 'router');
    assert.equal(down.code, 0, down.errors);
    const again = await up();
    assert.equal(again.code, 0, again.errors);
    assert.equal(await readKeys(), keys);
  });
});

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTemporaryFolder } from '../support/folder.ts';
import { run, withEngine } from './engine.ts';

const config = (file: string, envFile: string, ...args: readonly string[]) =>
  run('docker', ['compose', '--env-file', envFile, '--file', file, ...args, 'config']);

test('Compose accepts both files with the values of .env.example, every profile on', withEngine, async () => {
  for (const file of ['docker-compose.yml', 'docker-compose.prod.yml']) {
    const { code, errors, output } = await config(file, '.env.example', '--profile', '*');
    assert.equal(code, 0, errors);
    assert.equal(errors, '');
    assert.doesNotMatch(output, /\$\{/);
  }
});

test('Compose refuses, by name, without each variable that is required', withEngine, async () => {
  const example = await readFile('.env.example', 'utf8');
  const required = [...(await readFile('docker-compose.prod.yml', 'utf8')).matchAll(/\$\{([A-Z_]+):\?/g)].map(
    ([, name = '']) => name,
  );
  assert.deepEqual([...required].sort(), ['ACME_EMAIL', 'DOMAIN', 'MAIL_FROM']);
  const folder = await makeTemporaryFolder();
  for (const name of required) {
    for (const instead of ['', `${name}=`]) {
      const envFile = join(folder, 'env');
      await writeFile(envFile, example.replace(new RegExp(`^${name}=.*$`, 'm'), instead));
      const { code, errors } = await config('docker-compose.prod.yml', envFile);
      assert.notEqual(code, 0, name);
      assert.match(errors, new RegExp(name));
    }
  }
});

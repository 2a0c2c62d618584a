/** Each function's own bundle, loaded as an edge platform would: alone, by its `fetch`, with services as its environment. */
import type { FunctionApp } from '../lib/http/function.ts';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { expectProblem } from './support/responses.ts';
import { startBlockbot } from './support/blockbot.ts';
import { toBundleBudget } from '../contract/bundle-budget.ts';
import { endpoints, everyEndpoint } from '../contract/endpoints.ts';

const out = mkdtempSync(join(tmpdir(), 'blockbot-bundles-'));
after(() => rmSync(out, { recursive: true, force: true }));
const build = spawnSync('npx', ['tsx', 'scripts/build.ts', 'functions', '--out', out], { encoding: 'utf8' });
assert.equal(build.status, 0, build.stderr);

interface ManifestEntry {
  readonly function: string;
  readonly file: string;
  readonly method: string;
  readonly path: string;
  readonly bytes: number;
}
const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as readonly ManifestEntry[];
const bot = await startBlockbot();
const account = await bot.register({ email: 'sample@example.com' });

test('the manifest names every endpoint with its bundle, and the table of sizes has a line for each', () => {
  assert.deepEqual(
    manifest.map(({ function: name }) => name),
    everyEndpoint.map(({ name }) => name),
  );
  for (const { function: name, bytes } of manifest) {
    assert.ok(bytes > 10_000 && bytes < toBundleBudget(name), `${name} has ${bytes} bytes`);
    assert.match(build.stdout, new RegExp(`^${name} +\\d+\\.\\d kB +\\d+\\.\\d kB `, 'm'));
  }
});

for (const endpoint of endpoints) {
  suite(`the bundle of ${endpoint.name}`, async () => {
    const file = pathToFileURL(join(out, `functions/${endpoint.name}.js`)).href;
    const { default: app } = (await import(file)) as { default: FunctionApp };
    const request = {
      ...(endpoint.soundBody && { body: endpoint.soundBody }),
      ...(endpoint.needsUser && { token: account.access_token }),
    };

    test('answers at its endpoint', async () => {
      const response = await bot.send(endpoint.method, endpoint.path, request, app);
      const fromSource = await bot.send(endpoint.method, endpoint.path, request, endpoint.app);
      assert.ok(response.status < 500);
      // Deleting the account and registering it again change what the next one meets.
      if (!['me/delete', 'accounts/register', 'passwords/change'].includes(endpoint.name)) {
        assert.equal(response.status, fromSource.status);
        assert.equal(response.headers.get('content-type'), fromSource.headers.get('content-type'));
      }
    });

    test('answers problems by itself to what it does not serve', async () => {
      await expectProblem(await bot.send('GET', '/elsewhere', {}, app), 'not-found');
      await expectProblem(await bot.send('PUT', endpoint.path, {}, app), 'method-not-allowed');
    });
  });
}

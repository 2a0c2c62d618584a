/** What `npm run bundle` makes, before the tools that the vendors deploy with: they want the current Node, and no account for this. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { makeTemporaryFolder } from '../support/folder.ts';
import { makeBundles } from './bundles.ts';
import { findCurrentNode } from './current-node.ts';
import { fetchPackages } from './fetched-packages.ts';

const node = findCurrentNode();
const netlify = fetchPackages(['@netlify/build@37.3.3'], '@netlify/build/bin.js');
const wrangler = fetchPackages(['wrangler@4.164.0'], 'wrangler/bin/wrangler.js');

/** @returns what it said */
function run(tool: string, folder: string, ...args: readonly string[]): string {
  if (node === undefined) throw new Error('no current Node');
  const env = {
    PATH: [dirname(node), process.env['PATH']].join(delimiter),
    HOME: folder,
    NO_COLOR: '1',
    WRANGLER_SEND_METRICS: 'false',
  };
  const { status, stdout, stderr } = spawnSync(node, [tool, ...args], { cwd: folder, env, encoding: 'utf8' });
  const said = stdout + stderr;
  assert.equal(status, 0, said);
  return said;
}

const listModules = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.mjs'))
    .toSorted();

test(
  "Netlify's own build leaves every function where a deploy looks for it, a second time too",
  { skip: node === undefined || netlify === undefined ? 'npm brings no @netlify/build here' : false },
  async () => {
    const out = await makeBundles('--target', 'netlify', '--only', 'health/*', '--only', 'outbox/*');
    // As a repository of its own: the tool looks for one in the folders above.
    const site = await makeTemporaryFolder();
    cpSync(join(out, 'netlify'), site, { recursive: true });
    spawnSync('git', ['init', '--quiet'], { cwd: site });
    const made = listModules(join(site, 'built/v1/functions'));
    const late = ['delivery', 'sliding-window.lua'].map((name) => `outbox-deliver/${name}.mjs`);
    // Five functions, and what they load when it is wanted.
    assert.equal(made.filter((file) => /^([^/]+)\/\1\.mjs$/.test(file)).length, 5, made.join());
    for (const file of late) assert.ok(made.includes(file), made.join());
    for (let nth = 0; nth < 2; nth++) {
      run(netlify ?? '', site, '--offline');
      assert.deepEqual(listModules(join(site, '.netlify/v1/functions')), made);
    }
  },
);

test(
  'wrangler takes every Worker and the one in front of them as they are, without a warning',
  { skip: node === undefined || wrangler === undefined ? 'npm brings no wrangler here' : false },
  async () => {
    const out = await makeBundles(
      '--target',
      'cloudflare',
      '--only',
      'health/live',
      '--only',
      'sessions/login',
    );
    for (const name of ['health-live', 'sessions-login', 'router']) {
      const said = run(wrangler ?? '', join(out, 'cloudflare', name), 'deploy', '--dry-run');
      assert.match(said, /--dry-run: exiting now/);
      assert.doesNotMatch(said, /warning/i);
    }
    const secrets = join(out, 'secrets.json');
    writeFileSync(secrets, JSON.stringify({ TOKEN_SECRET: 'a secret of this test that is long enough' }));
    const script = join(out, 'cloudflare/deploy.sh');
    const WRANGLER = `${node ?? ''} ${wrangler ?? ''}`;
    const deploy = (...args: readonly string[]) =>
      spawnSync(script, args, { env: { ...process.env, WRANGLER, HOME: out }, encoding: 'utf8' });
    const { status, stdout, stderr } = deploy(secrets, '--dry-run');
    assert.equal(status, 0, stderr);
    assert.equal(stdout.match(/--dry-run: exiting now/g)?.length, 3);
    assert.deepEqual([deploy().status, deploy(join(out, 'nowhere')).status], [2, 2]);
  },
);

/** The workflows: what runs in them is what was reviewed, with no right that its job does not need. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { production, readCompose } from '../support/compose-file.ts';

const folder = '.github/workflows';
const files = readdirSync(folder).map((name) => `${folder}/${name}`);

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly 'timeout-minutes'?: number; readonly 'runs-on': string }>
  >;
}

test('actions are pinned by commit, rights are few, and every job has an end', () => {
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    for (const [line] of text.matchAll(/^.*\buses: .*$/gm))
      assert.match(line, /uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, file);
    const { permissions, jobs } = parse(text) as Workflow;
    assert.ok(permissions && Object.values(permissions).every((right) => right === 'read'), file);
    for (const [name, job] of Object.entries(jobs)) {
      assert.ok(job['timeout-minutes'], `${file}: ${name}`);
      assert.doesNotMatch(job['runs-on'], /latest/);
    }
    // What comes from outside is an environment variable, and never part of a script.
    for (const [, script = ''] of text.matchAll(/run: \|\n((?: {10}.*\n|\n)+)/g))
      assert.doesNotMatch(script, /\$\{\{/);
  }
});

test('actionlint has nothing to say', (context) => {
  const { status, stdout, error } = spawnSync('actionlint', files, { encoding: 'utf8' });
  if (error) return context.skip('actionlint is not installed');
  assert.equal(status, 0, stdout);
});

test('what both Compose and Swarm run is the same image', () => {
  const swarm = readCompose('deploy/swarm/docker-stack.yml').services;
  for (const [name, { image }] of Object.entries(swarm)) {
    if (image?.includes('@')) assert.equal(image, production.services[name]?.image, name);
  }
});

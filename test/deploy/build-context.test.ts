/** What the image is built from: `.dockerignore` lets through what the build reads, and nothing else. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { build } from 'esbuild';

const sent = readFileSync('.dockerignore', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('!'))
  .map((line) => line.slice(1));

test("every file that the image's build is made of is sent to it", async () => {
  const { metafile } = await build({
    entryPoints: ['scripts/build.ts'],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    metafile: true,
    write: false,
  });
  const files = Object.keys(metafile.inputs);
  assert.ok(files.includes('contract/surface.ts'), files.join(' '));
  const missing = files.filter((file) => !sent.includes(file) && !sent.includes(file.split('/')[0] ?? ''));
  assert.deepEqual(missing, []);
});

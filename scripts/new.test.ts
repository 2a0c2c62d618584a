/** `npm run new` in a copy of the checkout: what it makes is good as it stands. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTemporaryFolder } from '../test/support/folder.ts';
import { testBinaries } from '../test/support/postgres.ts';

const copied = [
  'bench client contract db functions hosts lib redis-rest scripts test',
  '.prettierrc.json eslint.config.js openapi.json package.json tsconfig.json',
].flatMap((names) => names.split(' '));

const folder = await makeTemporaryFolder();
for (const name of copied) cpSync(name, join(folder, name), { recursive: true });
symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));

function run(command: readonly string[]) {
  // A test that runs tests must not look like one of them.
  const { NODE_TEST_CONTEXT: ignored, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', ...command], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}

const make = (...args: readonly string[]) => run(['scripts/new.ts', ...args]);
const read = (file: string) => readFileSync(join(folder, file), 'utf8');

function assertGood(command: readonly string[]): string {
  const { status, stdout, stderr } = run(command);
  assert.equal(status, 0, `${command.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

const kinds = [
  ['aardvarks/read', '--caller', 'anyone'],
  ['invoices/create'],
  ['invoices/delete'],
  ['invoices/import', '--caller', 'either'],
  ['invoices/send', '--path', '/v1/invoices/:id/send'],
  ['zoo-animals/count', '--method', 'GET'],
] as const;

// What is made asks any Postgres the same, and all this takes a while.
const skip = testBinaries !== undefined && 'once is enough';

test(
  'new makes endpoints that are in every table, keep the contract and pass all checks as they are made',
  { skip },
  () => {
    for (const args of kinds) {
      const { status, stderr } = make(...args);
      assert.equal(status, 0, stderr);
    }
    const files = kinds.flatMap(([name]) =>
      ['', '.answers', '.test'].map((part) => `functions/${name}${part}.ts`),
    );
    const touched = [...files, 'functions/_surface.test.ts', 'contract/samples.ts', 'client/routes.test.ts'];
    assertGood(['node_modules/typescript/bin/tsc', '-p', '.']);
    assertGood(['node_modules/eslint/bin/eslint.js', ...touched]);
    assertGood(['node_modules/prettier/bin/prettier.cjs', '--check', ...touched]);
    assertGood([
      '--test',
      '--test-reporter=dot',
      ...files.filter((file) => file.endsWith('.test.ts')),
      'functions/_surface.test.ts',
    ]);
    const only = '--test-name-pattern=/aardvarks|invoices|zoo/';
    assertGood([
      '--test',
      '--test-reporter=dot',
      only,
      'test/contract/bodies.test.ts',
      'test/contract/credentials.test.ts',
    ]);
    assertGood(['--test', '--test-reporter=dot', 'test/contract/document.test.ts']);
    assertGood(['scripts/build.ts', 'functions', '--quiet']);
    assertGood(['scripts/openapi.ts', '--check']);
    assertGood(['node_modules/@redocly/cli/bin/cli.js', 'lint', 'openapi.json']);
    const manifest = JSON.parse(read('dist/manifest.json')) as readonly { readonly function: string }[];
    const built = manifest.map(({ function: name }) => name);
    for (const [name] of kinds) assert.ok(built.includes(name), name);
  },
);

test('new overwrites nothing, and takes no address that another function has', () => {
  const before = read('functions/me/read.ts');
  assert.equal(make('me/read').status, 1);
  assert.equal(read('functions/me/read.ts'), before);
  const { status, stderr } = make('taken/path', '--method', 'DELETE', '--path', '/v1/sessions/:id');
  assert.equal(stderr, 'functions/sessions/revoke.ts answers to DELETE /v1/sessions/:id already\n');
  assert.equal(status, 1);
  assert.ok(!existsSync(join(folder, 'functions/taken')));
});

test('new writes nothing at all when a table is not where it was', () => {
  const before = read('functions/_surface.test.ts');
  writeFileSync(join(folder, 'functions/_surface.test.ts'), '');
  const { status, stderr } = make('late/create');
  writeFileSync(join(folder, 'functions/_surface.test.ts'), before);
  assert.equal(stderr, 'functions/_surface.test.ts: the table is not where it was\n');
  assert.equal(status, 1);
  assert.ok(!existsSync(join(folder, 'functions/late')));
});

test('new refuses what can be no function with 2, and tells its usage', () => {
  for (const args of [
    [],
    ['invoices'],
    ['Invoices/create'],
    ['../invoices/create'],
    ['a/b', 'c/d'],
    ['a/b', '--method', 'OPTIONS'],
    ['a/b', '--path', 'v1/a'],
    ['a/b', '--path', '/v1/:id/:id'],
    ['a/b', '--caller', 'admin'],
    ['a/b', '--force'],
  ]) {
    const { status, stderr } = make(...args);
    assert.equal(status, 2, args.join(' '));
    assert.match(stderr, /^.*\n\nUsage: npm run new/);
    // The last argument is what is wrong, or lacks its value, in each of them.
    assert.ok(stderr.split('\n')[0]?.includes(args.at(-1) ?? 'AREA/VERB'), stderr);
  }
});

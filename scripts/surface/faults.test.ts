/** What the build refuses to deploy, as its users see it. Long because each fault has a case of its own. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { makeTemporaryFolder } from '../../test/support/folder.ts';
import { toPackage } from './faults.ts';

const script = fileURLToPath(new URL('../build.ts', import.meta.url));
const tsx = import.meta.resolve('tsx');
const lib = fileURLToPath(new URL('../../lib/', import.meta.url));

const imports = `
import { anyone } from ${JSON.stringify(`${lib}http/caller.ts`)};
import { createFunction } from ${JSON.stringify(`${lib}http/function.ts`)};
import { guard } from ${JSON.stringify(`${lib}http/guard.ts`)};
import { unlimited } from ${JSON.stringify(`${lib}http/unlimited.ts`)};
const open = guard({ caller: anyone, limits: unlimited });
`;

const sound = (path: string) =>
  `${imports}export default createFunction().get('${path}', open, (c) => c.text('here'));`;

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly root: string;
}

const soundAnswers = "export default { summary: 'Be here', answers: { 200: { description: 'Here' } } };";

/** The files with what the functions among them answer. */
function withAnswers(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = Object.keys(files).filter((file) => /functions\/(?!_|pages\/)[^._]+\.ts$/.test(file));
  const beside = names.map((name) => [name.replace(/\.ts$/, '.answers.ts'), soundAnswers]);
  return { ...Object.fromEntries(beside), ...files };
}

/** Builds a folder that holds these files, from inside of it. */
async function build(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = ['functions', '--quiet'],
  folder = '.',
): Promise<Outcome> {
  const root = join(await makeTemporaryFolder(), folder);
  for (const [name, text] of Object.entries({ 'package.json': '{"type":"module"}', ...withAnswers(files) })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', tsx, script, ...args], { cwd: root }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr, root });
    });
  });
}

async function assertFaults(files: Readonly<Record<string, string>>, ...faults: readonly string[]) {
  const { code, stdout, stderr } = await build(files);
  assert.deepEqual([stderr.split('\n').filter(Boolean), stdout], [faults, '']);
  assert.equal(code, 1);
}

test('build bundles every function alone and lists them with their endpoints', async () => {
  const { code, stderr, stdout, root } = await build(
    {
      'functions/things/read.ts': sound('/v1/things/:id'),
      'functions/things/read.test.ts': 'throw new Error("a test is no function");',
      'functions/_surface.test.ts': 'throw new Error("nor is this");',
      'functions/_draft.ts': 'throw new Error("nor is a draft");',
      'functions/list.ts': sound('/v1/things'),
    },
    ['functions'],
  );
  assert.deepEqual([stderr, code], ['', 0]);
  assert.match(stdout, /^function +minified +gzip +what weighs\nlist +\d.*\nthings\/read +\d.* kB .*hono \d/);
  const manifest = JSON.parse(readFileSync(join(root, 'dist/manifest.json'), 'utf8')) as { bytes: number }[];
  const endpoint = { method: 'GET', caller: 'anyone', limits: [], demands: [] };
  assert.deepEqual(
    manifest.map(({ bytes, ...rest }) => {
      assert.ok(bytes > 10_000 && bytes < 60_000);
      return rest;
    }),
    [
      { function: 'list', file: 'functions/list.js', ...endpoint, path: '/v1/things' },
      { function: 'things/read', file: 'functions/things/read.js', ...endpoint, path: '/v1/things/:id' },
    ],
  );
  const bundle = (await import(pathToFileURL(join(root, 'dist/functions/list.js')).href)) as {
    default: { request: (path: string) => Promise<Response> };
  };
  assert.equal(await (await bundle.default.request('/v1/things')).text(), 'here');
});

test('build names both functions that answer to one address', async () => {
  await assertFaults(
    {
      'functions/one.ts': sound('/v1/things'),
      'functions/two.ts': sound('/v1/things'),
      'functions/three.ts': sound('/v1/things/:id').replace('.get(', '.delete('),
      'functions/four.ts': sound('/v1/things/:id'),
    },
    'functions/one.ts and functions/two.ts: both answer to GET /v1/things',
  );
});

test('build takes parameters of any name at one place for one address', async () => {
  await assertFaults(
    {
      'functions/a.ts': sound('/v1/things/:id/parts/:part'),
      'functions/b.ts': sound('/v1/things/:thing/parts/:nth{[0-9]+}'),
      'functions/c.ts': sound('/v1/things/:x/parts/:y'),
    },
    'functions/a.ts and functions/b.ts and functions/c.ts: both answer to GET /v1/things/:*/parts/:*',
  );
});

test('build wants exactly one route of a function, with a guard', async () => {
  await assertFaults(
    {
      'functions/bare.ts': `${imports}export default createFunction().get('/bare', (c) => c.text('open to all'));`,
      'functions/both.ts': `${imports}
        export default createFunction().get('/a', open, (c) => c.text('')).post('/b', open, (c) => c.text(''));`,
      'functions/everywhere.ts': `${imports}
        export default createFunction().use('*', open).get('/c', open, (c) => c.text(''));`,
      'functions/none.ts': `${imports}export default createFunction();`,
    },
    'functions/bare.ts: its route has no guard',
    'functions/both.ts: has 2 routes (GET /a, POST /b); a function has exactly one',
    'functions/everywhere.ts: has 2 routes (ALL /*, GET /c); a function has exactly one',
    'functions/none.ts: has no route; a function has exactly one',
  );
});

test('build tells of a file that exports no function', async () => {
  await assertFaults(
    {
      'functions/helper.ts': 'export const answer = 42;',
      'functions/plain.ts': 'export default () => new Response();',
      'functions/sound.ts': sound('/sound'),
    },
    'functions/helper.ts: its default export is no app; createFunction() makes one',
    'functions/plain.ts: its default export is no app; createFunction() makes one',
  );
});

const fake = (name: string, code: string) => ({
  [`node_modules/${name}/package.json`]: `{"name":"${name}","type":"module","exports":"./lib/index.js"}`,
  [`node_modules/${name}/lib/index.js`]: code,
});

test('build tells of a package that no function may hold, once, and by which way it comes', async () => {
  await assertFaults(
    {
      'functions/direct.ts': `import pg from 'pg';\n${sound('/direct')}\nexport { pg };`,
      'functions/far.ts': `import { send } from '../mail.ts';\n${sound('/far')}\nexport { send };`,
      'functions/sound.ts': sound('/sound'),
      'mail.ts': "export { send } from './emails.ts';",
      'emails.ts': "export { send } from '@upstash/redis';",
      ...fake('pg', "export { value as default } from './value.js';"),
      'node_modules/pg/lib/value.js': 'export const value = Math.random();',
      ...fake('@upstash/redis', 'export const send = Math.random();'),
    },
    'functions/direct.ts: the package pg must not be in a function; it comes by functions/direct.ts -> node_modules/pg/lib/index.js',
    'functions/far.ts: the package @upstash/redis must not be in a function; it comes by functions/far.ts -> mail.ts -> emails.ts -> node_modules/@upstash/redis/lib/index.js',
  );
});

test('build tells of every forbidden package of a function', async () => {
  await assertFaults(
    {
      'functions/both.ts': `import pg from 'pg';\nimport postgres from 'postgres';\n${sound('/both')}\nexport { pg, postgres };`,
      ...fake('pg', 'export default Math.random();'),
      ...fake('postgres', 'export default Math.random();'),
    },
    'functions/both.ts: the package postgres must not be in a function; it comes by functions/both.ts -> node_modules/postgres/lib/index.js',
    'functions/both.ts: the package pg must not be in a function; it comes by functions/both.ts -> node_modules/pg/lib/index.js',
  );
});

test('build tells of a function that weighs too much', async () => {
  const heavy = `const data = '${'x'.repeat(72_600)}';\n${sound('/heavy')}\nconsole.info(data);`;
  const { code, stderr } = await build({ 'functions/heavy.ts': heavy });
  assert.match(stderr, /^functions\/heavy\.ts: \d+ bytes are over the budget of 72600\n$/);
  assert.equal(code, 1);
});

test('build tells all faults of all functions at once', async () => {
  await assertFaults(
    {
      'functions/none.ts': `${imports}export default createFunction();`,
      'functions/one.ts': sound('/v1/things'),
      'functions/two.ts': `import pg from 'pg';\n${sound('/v1/things')}\nexport { pg };`,
      ...fake('pg', 'export default Math.random();'),
    },
    'functions/none.ts: has no route; a function has exactly one',
    'functions/one.ts and functions/two.ts: both answer to GET /v1/things',
    'functions/two.ts: the package pg must not be in a function; it comes by functions/two.ts -> node_modules/pg/lib/index.js',
  );
});

test('build refuses answers of what is no route, and problems that there are none of', async () => {
  const { code, stderr } = await build(
    {
      'functions/here.ts': sound('/here'),
      'functions/there.ts': sound('/there'),
      'functions/there.answers.ts': 'export default {};',
      'functions/gone.answers.ts': soundAnswers,
      'functions/pages/home/show.ts': sound('/home'),
      'functions/pages/home/show.answers.ts': soundAnswers,
      'functions/here.answers.ts':
        "export default { summary: 'x', answers: { 200: { description: 'x' } }, problems: ['no-such-problem', 'toString'] };",
    },
    ['functions', '--quiet'],
  );
  assert.deepEqual(stderr.split('\n').filter(Boolean), [
    'functions/gone.answers.ts: there is no functions/gone.ts',
    'functions/here.answers.ts: lib/core/problem.ts has no problem no-such-problem',
    'functions/here.answers.ts: lib/core/problem.ts has no problem toString',
    'functions/pages/home/show.answers.ts: a page has no place in the document',
    'functions/there.answers.ts: its default export has no summary, or no answer',
  ]);
  assert.equal(code, 1);
});

test('build names the file that a route without answers wants', async () => {
  const root = await makeTemporaryFolder();
  mkdirSync(join(root, 'functions'));
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'functions/here.ts'), sound('/here'));
  const args = ['--import', tsx, script, 'functions', '--quiet'];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  assert.equal(stderr, 'functions/here.ts: says nowhere what it answers; write functions/here.answers.ts\n');
  assert.equal(status, 1);
});

test('build writes no manifest of what is not fit to be deployed', async () => {
  const { root } = await build({ 'functions/none.ts': `${imports}export default createFunction();` });
  assert.equal(existsSync(join(root, 'dist/manifest.json')), false);
});

test('build reads --root and writes --out, wherever they are', async () => {
  const files = { 'work/app/functions/here.ts': sound('/here') };
  const args = ['functions', '--quiet', '--root', 'work/app', '--out', 'work/out'];
  const { code, stderr, root } = await build(files, args, 'a folder #1, 100%');
  assert.deepEqual([stderr, code], ['', 0]);
  assert.ok(existsSync(join(root, 'work/out/functions/here.js')));
});

test('build puts the functions of --root into the router', async () => {
  const { root } = await build({ 'functions/things/read.ts': sound('/v1/things/:id') });
  const out = join(root, 'out');
  const args = ['--import', tsx, script, 'router', '--quiet', '--root', root, '--out', out];
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    encoding: 'utf8',
  });
  assert.deepEqual([stderr, status], ['', 0]);
  assert.ok(existsSync(join(out, 'router/db/migrations/meta/_journal.json')));
  const main = readFileSync(join(out, 'router/hosts/node/main.js'), 'utf8');
  assert.ok(main.includes('things/read') && main.includes('/v1/things/:id'));
});

test('build tells how it is used when it is used otherwise', async () => {
  for (const args of [['workers'], ['functions', 'router'], ['--minify'], ['--out']]) {
    const { code, stdout, stderr } = await build({}, args);
    assert.match(stderr, /^.*(?:workers|router|--minify|--out).*\n\nUsage: npm run build /, args.join(' '));
    assert.deepEqual([code, stdout], [2, ''], args.join(' '));
  }
});

test('toPackage names the innermost package of a path, and none of a file of ours', () => {
  const vectors = [
    ['node_modules/hono/dist/index.js', 'hono'],
    ['../../work/node_modules/@upstash/redis/nodejs.mjs', '@upstash/redis'],
    ['node_modules/outer/node_modules/@scope/inner/index.js', '@scope/inner'],
    ['lib/http/function.ts', undefined],
    ['my_node_modules.ts', undefined],
  ] as const;
  for (const [path, name] of vectors) assert.equal(toPackage(path), name, path);
});

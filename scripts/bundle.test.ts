import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder } from '../test/support/folder.ts';

const project = fileURLToPath(new URL('../', import.meta.url));
const lib = join(project, 'lib');

const sound = (path: string, before = '', within = '', services = '') => `
import { anyone } from ${JSON.stringify(`${lib}/http/caller.ts`)};
import { createFunction } from ${JSON.stringify(`${lib}/http/function.ts`)};
import { guard } from ${JSON.stringify(`${lib}/http/guard.ts`)};
import { unlimited } from ${JSON.stringify(`${lib}/http/unlimited.ts`)};
${before}
export default createFunction(${services}).get('${path}', guard({ caller: anyone, limits: unlimited }), (c) => {
  ${within}
  return c.text('here');
});
`;

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly out: string;
}

function bundle(files: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Outcome> {
  return bundleWith(undefined, files, ...args);
}

/** @param settings the file among these that tells of the deployment */
async function bundleWith(
  settings: string | undefined,
  files: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Outcome> {
  const root = await makeTemporaryFolder();
  for (const [name, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  const out = join(root, 'dist');
  const script = ['--import', 'tsx', 'scripts/bundle.ts', '--root', root, '--out', out, ...args];
  if (settings !== undefined) script.push('--settings', join(root, settings));
  return new Promise((resolve) => {
    execFile(process.execPath, script, { cwd: project }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr, out });
    });
  });
}

/** One line, exit code 1, and nothing left to deploy by mistake. */
async function assertFault(files: Readonly<Record<string, string>>, fault: RegExp, target = 'cloudflare') {
  const { code, stderr, out } = await bundle(files, '--target', target);
  assert.equal(stderr.trim().split('\n').length, 1, stderr);
  assert.match(stderr, fault);
  assert.equal(code, 1);
  assert.equal(existsSync(join(out, target)), false);
}

const faults = [
  ['eval', "eval('1');", /compiles code at run time \(eval\)/],
  ['Function', "new Function('return 1')();", /compiles code at run time \(Function\)/],
  ['WebAssembly', 'void WebAssembly.compile(new Uint8Array());', /compiles WebAssembly at run time/],
  [
    'a file beside it',
    "void new URL('./table.json', import.meta.url);",
    /the file \.\/table\.json beside it/,
  ],
  ['process.env', 'void process.env.SECRET;', /reads process\.env/],
] as const;

for (const [what, code, fault] of faults) {
  test(`bundle refuses a function that comes by ${what}, and names the imports that lead there`, async () => {
    const files = {
      'functions/bad.ts': sound('/bad', "import { run } from '../middle.ts';", 'run();'),
      'middle.ts': "export { run } from './last.ts';",
      'last.ts': `export function run() { ${code} }`,
    };
    await assertFault(
      files,
      new RegExp(
        `^functions/bad.ts for cloudflare: .*${fault.source}.*bad.ts -> .*middle.ts -> .*last.ts\n$`,
      ),
    );
  });
}

test('bundle refuses PBKDF2 over 100,000 iterations, by node:crypto and by Web Crypto', async () => {
  for (const code of [
    "import { pbkdf2Sync } from 'node:crypto';\nexport const run = () => pbkdf2Sync('', '', 600_000, 32, 'sha256');",
    "const rounds = 2 * 100_000;\nexport const run = () => crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array(), iterations: rounds }, {} as never, 8);",
  ]) {
    const files = {
      'functions/bad.ts': sound('/bad', "import { run } from '../hash.ts';", 'void run();'),
      'hash.ts': code,
    };
    await assertFault(files, /asks PBKDF2 for more than 100,000 iterations.*hash\.ts/);
  }
});

test('bundle refuses scrypt whose N * r * p is over 2^20', async () => {
  const files = {
    'functions/bad.ts': sound('/bad', "import { run } from '../hash.ts';", 'run();'),
    'hash.ts':
      "import { scryptSync } from 'node:crypto';\nexport const run = () => scryptSync('', '', 32, { N: 2 ** 17, r: 8, p: 2 });",
  };
  await assertFault(files, /scrypt for a cost N \* r \* p over 2\^20.*hash\.ts/);
});

test('bundle refuses a driver and a socket inside a function', async () => {
  const driver = "import pg from 'pg';";
  const fake = {
    'node_modules/pg/package.json': '{"name":"pg","type":"module","exports":"./index.js"}',
    'node_modules/pg/index.js': 'export default Math.random();',
  };
  await assertFault(
    { 'functions/bad.ts': sound('/bad', driver, 'void pg;'), ...fake },
    /the package pg must not be in a function; it comes by .*bad\.ts -> .*pg\/index\.js/,
  );
  const socket = "import { connect } from 'node:net';";
  await assertFault(
    { 'functions/bad.ts': sound('/bad', socket, 'void connect;') },
    /no node:net here.*bad\.ts/,
  );
});

test('bundle refuses what a platform has not, and a native add-on', async () => {
  const files = { 'functions/bad.ts': sound('/bad', "import v8 from 'node:v8';", 'void v8;') };
  await assertFault(files, /for cloudflare: there is no node:v8 here; it comes by .*bad\.ts -> node:v8/);
  const addOn = {
    'functions/bad.ts': sound('/bad', "import addOn from '../native.cjs';", 'void addOn;'),
    'native.cjs': "module.exports = () => require('./fast.node');",
    'fast.node': '',
  };
  await assertFault(
    addOn,
    /a native add-on can not be bundled; it comes by .*native\.cjs -> .*fast\.node/,
    'node',
  );
});

test('bundle refuses what weighs too much, and tells what weighs', async () => {
  const files = {
    'functions/bad.ts': sound('/bad', "import { text } from '../table.ts';", 'void console.info(text);'),
    'table.ts': `export const text = '${'x'.repeat(180_000)}';`,
  };
  await assertFault(files, /bytes are over the budget of 185000; .*table\.ts weighs most of all, 180\d\d\d/);
});

test('bundle names both functions that answer to one address', async () => {
  const files = { 'functions/one.ts': sound('/same'), 'functions/two.ts': sound('/same') };
  await assertFault(files, /^functions\/one\.ts and functions\/two\.ts: both answer to GET \/same\n$/);
});

test('bundle tells of an import that leads nowhere, by file and line', async () => {
  const files = { 'functions/bad.ts': sound('/bad', '', "void import('./nowhere.ts');") };
  await assertFault(files, /^.*functions\/bad\.ts:\d+: Could not resolve "\.\/nowhere\.ts"\n$/);
});

test('bundle refuses password endpoints where the plan has no CPU time for a hash', async () => {
  const hashing = sound('/hash', '', 'void c.env.passwords;', "'passwords'");
  const files = { 'functions/hash.ts': hashing, 'functions/free.ts': sound('/free') };
  const { code, stderr } = await bundle(files, '--target', 'cloudflare', '--plan', 'free');
  assert.match(stderr, /^functions\/hash\.ts for cloudflare: hashes passwords, some 200 ms of CPU time.*\n$/);
  assert.equal(code, 1);
  const rest = await bundle(files, '--target', 'cloudflare', '--plan', 'free', '--only', 'free');
  assert.deepEqual([rest.stderr, rest.code], ['', 0]);
});

test('bundle writes what each platform deploys', async () => {
  const files = {
    'functions/things/read.ts': sound('/v1/things/:id'),
    'functions/things/list.ts': sound('/v1/things'),
  };
  const { code, stderr, stdout, out } = await bundle(files);
  assert.deepEqual([stderr, code], ['', 0]);
  assert.match(stdout, /Bundled 2 functions for cloudflare, .*netlify into .* in \d+\.\d s\n$/);
  const read = (path: string) => readFileSync(join(out, path), 'utf8');
  const json = (path: string) => JSON.parse(read(path)) as Record<string, unknown>;

  const worker = json('cloudflare/things-read/wrangler.jsonc');
  assert.deepEqual([worker['main'], worker['no_bundle'], worker['workers_dev']], ['index.mjs', true, false]);
  assert.equal(read('cloudflare/things-read/wrangler.jsonc').includes('example.com'), false);
  assert.match(read('cloudflare/router/index.mjs'), /\["GET","\^\/v1\/things\/\[\^\/\]\+\$","THINGS_READ"\]/);

  const { routes } = json('vercel/.vercel/output/config.json') as { routes: { src: string; dest: string }[] };
  const target = (path: string) => routes.find(({ src }) => new RegExp(src).test(path))?.dest;
  assert.deepEqual(['/v1/things/7', '/v1/things', '/elsewhere'].map(target), [
    '/things/read',
    '/things/list',
    '/things/list',
  ]);
  const vercel = json('vercel/.vercel/output/functions/things/read.func/.vc-config.json');
  assert.deepEqual(
    [vercel['runtime'], vercel['launcherType'], vercel['handler']],
    ['nodejs24.x', 'Nodejs', 'index.mjs'],
  );

  assert.match(
    read('netlify/built/v1/functions/things-read/things-read.mjs'),
    /export const config = \{"name":"things-read",.*"path":"\/v1\/things\/:id","method":\["GET","HEAD","OPTIONS"\]\};\n$/,
  );
  const { Resources } = json('lambda/template.json') as {
    Resources: Record<string, { Type: string; Properties: { CodeUri?: string } }>;
  };
  assert.equal(Resources['ThingsRead']?.Type, 'AWS::Serverless::Function');
  assert.deepEqual(readdirSync(join(out, 'lambda', Resources['ThingsRead'].Properties.CodeUri ?? '')), [
    'index.mjs',
    'index.mjs.map',
  ]);
  for (const name of [
    'deno/things-read/deno.json',
    'bun/things-read/index.mjs',
    'node/things-read/index.mjs',
  ]) {
    assert.ok(existsSync(join(out, name)), name);
  }
  assert.deepEqual(
    (JSON.parse(read('node/routes.json')) as { path: string; file: string }[]).map(({ path, file }) => [
      path,
      file,
    ]),
    [
      ['/v1/things', 'things-list/index.mjs'],
      ['/v1/things/:id', 'things-read/index.mjs'],
    ],
  );
});

test('bundle gives what it is told by a file to the configuration, and Hyperdrive to whom asks for a database', async () => {
  const files = {
    'functions/with.ts': sound('/with', '', 'void c.env.database;', "'database'"),
    'functions/without.ts': sound('/without'),
    'edge.json': JSON.stringify({
      variables: { PUBLIC_URL: 'https://api.acme.dev' },
      hyperdrive: '0123456789abcdef0123456789abcdef',
    }),
  };
  const { code, stderr, out } = await bundleWith(
    'edge.json',
    files,
    '--target',
    'cloudflare',
    '--target',
    'lambda',
  );
  assert.deepEqual([stderr, code], ['', 0]);
  const json = (path: string) => JSON.parse(readFileSync(join(out, path), 'utf8')) as Record<string, unknown>;
  const [one, other] = ['with', 'without'].map((name) => json(`cloudflare/${name}/wrangler.jsonc`));
  assert.deepEqual(one?.['hyperdrive'], [{ binding: 'HYPERDRIVE', id: '0123456789abcdef0123456789abcdef' }]);
  assert.equal(other?.['hyperdrive'], undefined);
  assert.deepEqual(
    [one?.['vars'], other?.['vars']],
    [{ PUBLIC_URL: 'https://api.acme.dev' }, { PUBLIC_URL: 'https://api.acme.dev' }],
  );
  const { Parameters } = json('lambda/template.json') as { Parameters: Record<string, object> };
  assert.deepEqual(Parameters['PublicUrl'], { Type: 'String', Default: 'https://api.acme.dev' });
});

test('bundle names every fault of the file that tells it of a deployment', async () => {
  for (const [content, fault] of [
    ['{', /edge\.json: .*JSON/],
    [
      '{"hyperdrives":"a"}',
      /edge\.json: the file: has hyperdrives, where variables and hyperdrive may stand/,
    ],
    ['{"hyperdrive":"<the id>"}', /edge\.json: hyperdrive: must be an id of 32 hexadecimal digits/],
    ['{"variables":{"PUBLIC_ULR":"https://a.dev"}}', /variables\.PUBLIC_ULR: no variable of ours/],
    ['{"variables":{"PUBLIC_URL":"a.dev"}}', /variables\.PUBLIC_URL: must be an http or https address/],
    ['{"variables":{"TOKEN_SECRET":"abc"}}', /variables\.TOKEN_SECRET: a secret, which the platform is told/],
  ] as const) {
    const files = { 'functions/here.ts': sound('/here'), 'edge.json': content };
    const { code, stderr } = await bundleWith('edge.json', files, '--target', 'cloudflare');
    assert.match(stderr, fault);
    assert.equal(code, 1);
  }
});

test('bundle keeps the links to a project of the vendor, and nothing else of what was there', async () => {
  const files = {
    'functions/here.ts': sound('/here'),
    'dist/vercel/.vercel/project.json': '{"projectId":"prj_1"}',
    'dist/vercel/.vercel/output/functions/gone.func/index.mjs': '',
    'dist/netlify/.netlify/state.json': '{"siteId":"1"}',
    'dist/netlify/built/v1/functions/gone/gone.mjs': '',
  };
  const { code, out } = await bundle(files, '--target', 'vercel', '--target', 'netlify');
  assert.equal(code, 0);
  assert.equal(readFileSync(join(out, 'vercel/.vercel/project.json'), 'utf8'), '{"projectId":"prj_1"}');
  assert.equal(readFileSync(join(out, 'netlify/.netlify/state.json'), 'utf8'), '{"siteId":"1"}');
  for (const gone of ['vercel/.vercel/output/functions/gone.func', 'netlify/built/v1/functions/gone']) {
    assert.equal(existsSync(join(out, gone)), false);
  }
});

test('bundle brings what fits no path to the lightest function, on every platform that asks one', async () => {
  const heavy = `const heavy = ${JSON.stringify('x'.repeat(2000))};`;
  const files = {
    'functions/a/heavy.ts': sound('/a', heavy, 'void heavy;c.header("X-Heavy", heavy);'),
    'functions/z/light.ts': sound('/z'),
  };
  const { out } = await bundle(files);
  const read = (path: string) => readFileSync(join(out, path), 'utf8');
  assert.match(read('cloudflare/router/index.mjs'), /\?\? \[, , 'Z_LIGHT'\]/);
  const { routes } = JSON.parse(read('vercel/.vercel/output/config.json')) as { routes: { dest: string }[] };
  assert.equal(routes.at(-1)?.dest, '/z/light');
  const { Resources } = JSON.parse(read('lambda/template.json')) as {
    Resources: Record<string, { Properties?: { Events: Record<string, object> } }>;
  };
  const eventsOf = (name: string) => Object.keys(Resources[name]?.Properties?.Events ?? {});
  assert.deepEqual(
    [eventsOf('AHeavy'), eventsOf('ZLight')],
    [
      ['OnGET', 'OnHEAD', 'OnOther'],
      ['OnGET', 'OnHEAD', 'OnOther', 'Default'],
    ],
  );
});

test('bundle writes the notices of the packages that it copies, and a map beside each bundle', async () => {
  const { out } = await bundle({ 'functions/here.ts': sound('/here') }, '--target', 'deno');
  const notices = readFileSync(join(out, 'deno/THIRD-PARTY.txt'), 'utf8');
  for (const name of ['hono', 'zod']) assert.match(notices, new RegExp(`^${name} \\d.*, MIT\\b`, 'm'));
  assert.match(notices, /Permission is hereby granted/);
  assert.match(
    readFileSync(join(out, 'deno/here/index.mjs'), 'utf8'),
    /\n\/\/# sourceMappingURL=index\.mjs\.map\n$/,
  );
  const { sources } = JSON.parse(readFileSync(join(out, 'deno/here/index.mjs.map'), 'utf8')) as {
    sources: string[];
  };
  assert.ok(
    sources.some((source) => source.endsWith('functions/here.ts')),
    sources.join('\n'),
  );
});

test('bundle brings the bare address to the one function that holds all on Lambda, whose `{proxy+}` has it not', async () => {
  const files = { 'functions/home/show.ts': sound('/') };
  const { out } = await bundle(files, '--together', '--target', 'lambda');
  const template = readFileSync(join(out, 'lambda/template.json'), 'utf8');
  const paths = [...template.matchAll(/"Path": "(.*)"/g)].map(([, path]) => path);
  assert.deepEqual(paths, ['/', '/{proxy+}']);
});

test('bundle tells how it is used when it is used otherwise', async () => {
  for (const args of [['--target', 'fastly'], ['--plan', 'gold'], ['extra'], ['--out']]) {
    const { code, stderr } = await bundle({}, ...args);
    assert.match(stderr, /^.*(?:fastly|gold|extra|--out).*\n\nUsage: npm run bundle /, args.join(' '));
    assert.equal(code, 2, args.join(' '));
  }
});

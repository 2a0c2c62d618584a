import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeBundles } from '../test/platforms/bundles.ts';
import { bundle, bundleWith, sound } from '../test/support/bundler.ts';

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

test('bundle refuses what it leaves out of Hono, and says what to take instead', async () => {
  for (const [code, fault] of [
    ['c.req.parseBody({ all: true })', /calls parseBody\(\), .*form\(\).*read\.ts/],
    ["c.req.valid('json')", /calls req\.valid\(\), .*c\.var\.input.*read\.ts/],
    ['c.req.addValidatedData()', /calls req\.addValidatedData\(\), .*read\.ts/],
    ['c.req.matchedRoutes', /reads req\.matchedRoutes, .*hono\/route.*read\.ts/],
    ["c.render('page')", /calls c\.render\(\), .*c\.html\(\).*read\.ts/],
    ["c.app.mount('/old', () => undefined)", /calls mount\(\), .*read\.ts/],
  ] as const) {
    const files = {
      'functions/bad.ts': sound('/bad', "import { read } from '../read.ts';", 'void read;'),
      'read.ts': `export const read = (c: Record<'req' | 'app', Record<string, (...args: unknown[]) => unknown>> & { render: (page: string) => unknown }) => ${code};`,
    };
    await assertFault(files, fault);
  }
});

test('bundle refuses jose where it is not ours, since it has not all of it', async () => {
  const files = {
    'functions/bad.ts': sound('/bad', "import { read } from '../read.ts';", 'void read;'),
    'read.ts': "import { importJWK } from 'jose';\nexport const read = importJWK;",
    'node_modules/jose/package.json': '{"name":"jose","type":"module","exports":"./index.js"}',
    'node_modules/jose/index.js': 'export const importJWK = Math.random();',
  };
  await assertFault(files, /imports jose, of which a bundle has only .*bad\.ts -> .*read\.ts/);
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
  await assertFault(files, /bytes are over the budget of 49500; .*table\.ts weighs most of all, 180\d\d\d/);
});

// Bytes: what they are, and a little. A start reads and compiles all of it.
const sizes = [
  ['health-live', 41_000],
  ['me-read', 115_000],
  ['sessions-refresh', 138_000],
  ['sessions-login', 147_000],
] as const;

test('bundle keeps a function small: what it does not ask for is not in it, and what few requests want beside it', async () => {
  const only = ['health/live', 'me/read', 'sessions/refresh', 'sessions/login'].flatMap((name) => [
    '--only',
    name,
  ]);
  // Of the platforms that are more than a server of Node's, these two have the largest adapters.
  const targets = ['cloudflare', 'lambda'];
  const folder = await makeBundles(...targets.flatMap((target) => ['--target', target]), ...only);
  for (const target of targets) {
    for (const [name, most] of sizes) {
      const { size } = statSync(join(folder, target, name, 'index.mjs'));
      assert.ok(size < most, `${name} has ${size} bytes for ${target}`);
    }
  }
  const out = join(folder, 'cloudflare');
  const besides = (name: string) =>
    readdirSync(join(out, name))
      .filter((file) => file.endsWith('.mjs'))
      .toSorted();
  assert.deepEqual(besides('me-read'), ['index.mjs', 'sliding-window.lua.mjs']);
  assert.deepEqual(besides('sessions-refresh'), ['delivery.mjs', 'index.mjs', 'sliding-window.lua.mjs']);
  assert.deepEqual(besides('sessions-login'), [
    'common-passwords.mjs',
    'delivery.mjs',
    'index.mjs',
    'plain-argon2id.mjs',
    'sliding-window.lua.mjs',
  ]);
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

test('bundle tells how it is used when it is used otherwise', async () => {
  for (const args of [['--target', 'fastly'], ['--plan', 'gold'], ['extra'], ['--out']]) {
    const { code, stderr } = await bundle({}, ...args);
    assert.match(stderr, /^.*(?:fastly|gold|extra|--out).*\n\nUsage: npm run bundle /, args.join(' '));
    assert.equal(code, 2, args.join(' '));
  }
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

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundle, bundleWith, sound } from '../../test/support/bundler.ts';

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
  assert.match(notices, /^hono \d.*, MIT\b/m);
  // It takes no body, and the environment is read without a schema.
  assert.doesNotMatch(notices, /^zod /m);
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
